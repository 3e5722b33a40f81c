package io.headrace.bus.log;

import io.headrace.bus.AgentHost;
import io.headrace.bus.ring.Signal;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** What only the log thread may do, asked of it by others. {@link #call} is for any thread but that one. */
final class LogTasks {
    private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final Signal signal;
    private final AgentHost agents;
    private volatile boolean closed;

    private static final class Task {
        final Runnable work;
        final CountDownLatch done = new CountDownLatch(1);
        boolean ran;

        Task(final Runnable work) {
            this.work = work;
        }
    }

    LogTasks(final Signal signal, final AgentHost agents) {
        this.signal = signal;
        this.agents = agents;
    }

    /** Has something done, and waits for it. */
    void call(final Runnable work) throws InterruptedException {
        final Task task = new Task(work);
        tasks.add(task);
        if (closed) {
            tasks.remove(task);
            task.done.countDown();
        }
        signal.signalAllWhenBlocking();
        agents.await(task.done);
        if (!task.ran) {
            throw new LogException(
                LogException.Category.STORAGE, "The event log was closed, or failed, before its state was told.", null);
        }
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Does what is asked for. Called by the log thread. */
    int run() {
        int count = 0;
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.work.run();
                task.ran = true;
            } finally {
                task.done.countDown();
            }
            count++;
        }
        return count;
    }

    /** Does nothing more. Called by the log thread. */
    void close() {
        closed = true;
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            task.done.countDown();
        }
    }
}
