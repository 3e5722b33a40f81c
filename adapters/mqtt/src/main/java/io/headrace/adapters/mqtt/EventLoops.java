package io.headrace.adapters.mqtt;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;

import java.util.concurrent.ThreadFactory;

/**
 * Any thread, no state: event loops of one thread. An adapter has one of its own and gives it to its client library, so
 * that I/O, mapping, publishing and timers of the adapter all happen on that one thread and need no locks.
 */
final class EventLoops {
    private EventLoops() {
    }

    /**
     * An event loop, whose thread begins with its first task.
     *
     * @param threadName of its thread.
     */
    static EventLoopGroup single(final String threadName) {
        final ThreadFactory threads = task -> {
            final Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        };
        // The client library asks the same question to choose its sockets; the two must fit each other.
        return Epoll.isAvailable() ? new EpollEventLoopGroup(1, threads) : new NioEventLoopGroup(1, threads);
    }
}
