package io.headrace.bus.simulation;

import io.headrace.bus.AgentHost;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Steps the agents of one process, one turn at a time, also while another one's turn goes on, as if each had a thread.
 * Owned by the thread of the simulation.
 */
final class SteppedAgents implements AgentHost {
    private final List<Stepped> agents = new ArrayList<>();
    private final Others others;

    /** Lets the others have turns until something is done. */
    @FunctionalInterface
    interface Others {
        void turnsUntil(BooleanSupplier done) throws InterruptedException;
    }

    SteppedAgents(final Others others) {
        this.others = others;
    }

    @Override
    public void await(final CountDownLatch done) throws InterruptedException {
        others.turnsUntil(() -> done.getCount() == 0);
    }

    private static final class Stepped {
        final Agent agent;
        boolean inTurn;

        Stepped(final Agent agent) {
            this.agent = agent;
        }
    }

    @Override
    public Running start(
        final Agent agent, final IdleStrategy idleStrategy, final boolean daemon, final int interruptAfterMs) {
        final Stepped stepped = new Stepped(agent);
        agent.onStart();
        agents.add(stepped);
        return () -> {
            if (agents.remove(stepped)) {
                agent.onClose();
            }
        };
    }

    /** {@return how many agents there are} */
    int count() {
        return agents.size();
    }

    /**
     * Gives an agent a turn, unless it is in one.
     *
     * @return the work that it did.
     */
    int step(final int index) {
        final Stepped stepped = agents.get(index);
        return stepped.inTurn ? 0 : turn(stepped);
    }

    /** Gives a turn to every agent of a role. */
    public int step(final String rolePrefix) {
        int workCount = 0;
        for (final Stepped stepped : List.copyOf(agents)) {
            if (!stepped.inTurn && stepped.agent.roleName().startsWith(rolePrefix)) {
                workCount += turn(stepped);
            }
        }
        return workCount;
    }

    private static int turn(final Stepped stepped) {
        stepped.inTurn = true;
        try {
            return stepped.agent.doWork();
        } catch (final RuntimeException ex) {
            throw ex;
        } catch (final Exception ex) {
            throw new IllegalStateException(stepped.agent.roleName(), ex);
        } finally {
            stepped.inTurn = false;
        }
    }

    /** Gives every agent a turn. */
    public int stepAll() {
        return step("");
    }

    /** The process is gone: nobody gets a turn any more, and nobody is closed. */
    void drop() {
        agents.clear();
    }
}
