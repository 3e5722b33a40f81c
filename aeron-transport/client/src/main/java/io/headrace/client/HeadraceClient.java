package io.headrace.client;

import io.headrace.client.link.JoinedDriver;
import io.headrace.client.link.LinkDriver;
import io.headrace.client.link.LinkDriverContext;
import io.headrace.client.link.LinkErrors;
import io.headrace.client.link.LinkIdle;
import io.headrace.client.link.LinkTarget;
import io.headrace.client.link.LinkTransport;
import io.headrace.codecs.sbe.link.LinkRole;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An application's way to a service. Made, asked for publishers and subscriptions, and closed by any thread, though
 * closed once and not from a handler. Its own thread drives the media driver and the publishers' links and says that
 * the subscriptions are there; with {@link ClientContext#invoked} the application does all that with {@link #doWork()}.
 *
 * <p>The service need not be there: publishers and subscriptions are given at once, say in which state they are, and
 * find the service when it comes and whenever it comes back.
 */
public final class HeadraceClient implements AutoCloseable {
    private static final int CLOSE_TIMEOUT_MS = 5_000;

    private final ClientContext context;
    private final LinkErrors errors;
    private final LinkTransport transport;
    private final List<ClientLink> links = new CopyOnWriteArrayList<>();
    private final AgentRunner runner;
    private boolean working;
    private volatile boolean closed;

    private HeadraceClient(final ClientContext context) throws IOException {
        this.context = context;
        errors = new LinkErrors(context.errorHandler(), context.clock());
        transport = transport(context, errors);
        if (context.isInvoked()) {
            runner = null;
        } else {
            runner = new AgentRunner(idle(context.waiting()), errors, null, new Turns());
            AgentRunner.startOnThread(runner, work -> {
                final Thread thread = new Thread(work);
                thread.setDaemon(true);
                return thread;
            });
        }
    }

    /**
     * Makes a client. Does not wait for a service.
     *
     * @param context of the client, which is concluded here.
     * @return the client.
     * @throws IllegalArgumentException that names all errors in the context.
     * @throws ClientException          when the media driver does not start.
     */
    public static HeadraceClient connect(final ClientContext context) {
        context.conclude();
        try {
            return new HeadraceClient(context);
        } catch (final IOException e) {
            throw new ClientException(e.getMessage(), e);
        }
    }

    private static LinkTransport transport(final ClientContext context, final LinkErrors errors) throws IOException {
        if (context.serviceFolder().isPresent()) {
            return new JoinedDriver(context.name(), context.serviceFolder().get(), errors, context.clock());
        }
        return LinkDriver.launch(new LinkDriverContext(
            context.name(),
            context.ownFolder(),
            context.hasDriverThread() ? Optional.of(idle(context.waiting())) : Optional.empty(),
            false,
            errors));
    }

    private static IdleStrategy idle(final ClientWait wait) {
        switch (wait) {
            case SPIN:
                return BusySpinIdleStrategy.INSTANCE;
            case YIELD:
                return YieldingIdleStrategy.INSTANCE;
            default:
                return new LinkIdle();
        }
    }

    /**
     * A publisher.
     *
     * @param name of the source that its events name; none that the service has itself, and one publisher at a time.
     * @return the publisher, which looks for the service.
     */
    public RemotePublisher publisher(final String name) {
        return publisher(name, (correlationId, result) -> { });
    }

    /**
     * A publisher whose answers are handed over.
     *
     * @param name          of the source that its events name.
     * @param answerHandler takes the answers, on the client's thread.
     * @return the publisher, which looks for the service.
     */
    public RemotePublisher publisher(final String name, final AnswerHandler answerHandler) {
        final RemotePublisher publisher = new RemotePublisher(
            this, context, target(LinkRole.PUBLISHER, name), transport, answerHandler, errors);
        links.add(publisher);
        return publisher;
    }

    /**
     * A subscription.
     *
     * @param name   of it, for the service's status.
     * @param start  where it begins.
     * @param topics patterns as in the service's configuration; none for all topics.
     * @return the subscription, which looks for the service as it is polled.
     */
    public RemoteSubscription subscription(final String name, final StartAt start, final String... topics) {
        final RemoteSubscription subscription = new RemoteSubscription(
            this, context.clock(), target(LinkRole.SUBSCRIBER, name), transport, start, topics, errors);
        links.add(subscription);
        return subscription;
    }

    /**
     * A subscription of what the service sends live, before it is recorded, and best-effort: what is lost on the way or
     * comes too fast is counted as a gap, and does not come again.
     *
     * @param channel of Aeron, that the service is configured to send to, from a reader's side.
     * @return the subscription, which waits for the stream as it is polled.
     */
    public LiveSubscription live(final String channel) {
        checkOpen();
        final LiveSubscription subscription = new LiveSubscription(this, channel, transport);
        links.add(subscription);
        return subscription;
    }

    private LinkTarget target(final LinkRole role, final String name) {
        checkOpen();
        final List<String> mistakes = new ArrayList<>();
        ClientContext.checkName(name, mistakes);
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(mistakes.get(0));
        }
        return new LinkTarget(role, name, context.addresses(), context.secret(), context.termLengthBytes());
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
    }

    /**
     * One turn of everything, where {@link ClientContext#invoked} says that the application gives them; always by the
     * same thread.
     *
     * @return the amount of work done.
     */
    public int doWork() {
        if (runner != null) {
            throw new IllegalStateException("the client has a thread: choose invoked(true) to give it its turns");
        }
        return turn();
    }

    private int turn() {
        int workCount = transport.doWork();
        if (working) {
            // A handler waits for something: the links are in the middle of their turn.
            return workCount;
        }
        working = true;
        try {
            for (final ClientLink link : links) {
                workCount += link.turn();
            }
        } finally {
            working = false;
        }
        return workCount;
    }

    /** {@return the amount of work done, when it is the thread that waits which has to do it} */
    int workHere() {
        return runner == null || runner.thread() == Thread.currentThread() ? turn() : 0;
    }

    /** {@return whether it is this thread that gives the links their turns} */
    boolean isTurning() {
        return working && (runner == null || runner.thread() == Thread.currentThread());
    }

    void remove(final ClientLink link) {
        links.remove(link);
    }

    /** {@return how many errors there were in the background, of the driver, the network and handlers} */
    public long errorCount() {
        return errors.errorCount();
    }

    /** Says good-bye to the service, ends all publishers and subscriptions, and the media driver. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (runner != null) {
            runner.close(CLOSE_TIMEOUT_MS, thread -> errors.onError(
                new ClientException("a handler does not return, and is interrupted: " + thread.getName(), null)));
        }
        boolean ended = true;
        for (final ClientLink link : links) {
            ended &= link.end();
        }
        links.clear();
        if (ended) {
            CloseHelper.close(errors, transport);
        } else {
            errors.onError(new ClientException(
                "a subscription is still being polled: the client's memory stays mapped", null));
        }
    }

    /** The client's thread. */
    private final class Turns implements Agent {
        @Override
        public int doWork() {
            return turn();
        }

        @Override
        public String roleName() {
            return "headrace-client-" + context.name();
        }
    }
}
