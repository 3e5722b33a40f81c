package io.headrace.bus;

import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CountDownLatch;

/** Gives agents their turns: a thread for each, or one thread of a test that steps them all. Safe for any thread. */
@FunctionalInterface
public interface AgentHost {
    /**
     * Begins to give an agent its turns: {@link Agent#onStart()} first.
     *
     * @param agent            to be run.
     * @param idleStrategy     what to do between turns without work.
     * @param daemon           whether the process may end while it runs.
     * @param interruptAfterMs how long to wait for the agent's turn to end before its thread is interrupted.
     * @return what ends it: no turn after that, but a last {@link Agent#onClose()}.
     */
    Running start(Agent agent, IdleStrategy idleStrategy, boolean daemon, int interruptAfterMs);

    /**
     * Waits for what another agent does. Called by an agent within its own turn.
     *
     * @param done counted down by the other one.
     * @throws InterruptedException when the thread was interrupted meanwhile.
     */
    default void await(final CountDownLatch done) throws InterruptedException {
        done.await();
    }

    /** An agent that gets its turns. */
    interface Running extends AutoCloseable {
        @Override
        void close();
    }

    /** {@return a host that gives each agent a thread of its own} */
    static AgentHost threads() {
        return (agent, idleStrategy, daemon, interruptAfterMs) -> {
            final Logger log = LoggerFactory.getLogger(AgentHost.class);
            final AgentRunner runner = new AgentRunner(
                idleStrategy, failure -> log.error("{} failed", agent.roleName(), failure), null, agent);
            AgentRunner.startOnThread(runner, work -> {
                final Thread thread = new Thread(work);
                thread.setDaemon(daemon);
                return thread;
            });
            return () -> runner.close(interruptAfterMs, thread ->
                log.debug("{} is still busy or asleep, and is interrupted", thread.getName()));
        };
    }
}
