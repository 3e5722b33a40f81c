package io.headrace.perf.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The thread that measures, which waits, and threads that send, each its share. */
final class SendingThreads {
    private SendingThreads() {
    }

    /** What one thread does. */
    @FunctionalInterface
    interface Sending {
        /**
         * Sends.
         *
         * @param thread which one this is, from 0.
         * @param share  how many events it is to send.
         */
        void send(int thread, long share);
    }

    /**
     * Sends and waits until every thread has sent its share.
     *
     * @throws IllegalStateException when one of them failed.
     */
    static void run(final int threadCount, final long eventCount, final Sending sending) throws InterruptedException {
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < threadCount; i++) {
            final int index = i;
            // The first ones take what does not divide.
            final long share = eventCount / threadCount + (i < eventCount % threadCount ? 1 : 0);
            final Thread thread = new Thread(() -> sending.send(index, share), "sender-" + i);
            thread.setUncaughtExceptionHandler((failed, cause) -> failure.compareAndSet(null, cause));
            thread.start();
            threads.add(thread);
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new IllegalStateException("a sending thread failed", failure.get());
        }
    }
}
