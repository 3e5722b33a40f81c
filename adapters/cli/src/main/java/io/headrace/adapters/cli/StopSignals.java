package io.headrace.adapters.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * The signals that ask the process to end: SIGINT, SIGTERM and SIGHUP. The first one is a request, which the main
 * thread sees; a further one is an order. Installed and closed by the main thread; signals come on threads of the JVM.
 *
 * <p>A shutdown hook cannot do this: the JVM's own handler is deaf to a second signal while its hooks run. The JDK's
 * way to handle signals, {@code sun.misc.Signal}, is reached by reflection because the compiler warns of its name.
 */
final class StopSignals implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);
    private static final String[] NAMES = {"INT", "TERM", "HUP"};

    private final CountDownLatch request = new CountDownLatch(1);
    private final List<Runnable> restorations = new ArrayList<>();
    private volatile Runnable onFirst = () -> { };
    private volatile IntConsumer onFurther = number -> Runtime.getRuntime().halt(ExitCode.SIGNAL_BASE + number);

    private StopSignals() {
    }

    static StopSignals install() {
        final StopSignals signals = new StopSignals();
        for (final String name : NAMES) {
            signals.handle(name);
        }
        return signals;
    }

    private void handle(final String name) {
        try {
            final Class<?> signalType = Class.forName("sun.misc.Signal");
            final Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            final Method handle = signalType.getMethod("handle", signalType, handlerType);
            final int number = (int)signalType.getMethod("getNumber").invoke(newSignal(signalType, name));
            final Object handler = Proxy.newProxyInstance(
                handlerType.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, args) ->
                    switch (method.getName()) {
                        case "handle" -> {
                            signalled(name, number);
                            yield null;
                        }
                        case "equals" -> proxy == args[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "handler of SIG" + name;
                    });
            final Object before = handle.invoke(null, newSignal(signalType, name), handler);
            restorations.add(() -> restore(handle, signalType, name, before));
        } catch (final ReflectiveOperationException e) {
            // The JVM keeps its own way then: it ends at once. So with -Xrs, or a signal that the system lacks.
            LOG.warn("SIG{} cannot be handled; it will end the process without draining", name, e);
        }
    }

    private static Object newSignal(final Class<?> signalType, final String name) throws ReflectiveOperationException {
        return signalType.getConstructor(String.class).newInstance(name);
    }

    private static void restore(
        final Method handle, final Class<?> signalType, final String name, final Object before) {
        try {
            handle.invoke(null, newSignal(signalType, name), before);
        } catch (final InvocationTargetException e) {
            LOG.warn("The handler of SIG{} could not be put back", name, e.getCause());
        } catch (final ReflectiveOperationException e) {
            LOG.warn("The handler of SIG{} could not be put back", name, e);
        }
    }

    private void signalled(final String name, final int number) {
        final boolean first = request();
        LOG.info("SIG{}: {}", name, first ? "stopping" : "stopping at once");
        if (first) {
            onFirst.run();
        } else {
            onFurther.accept(number);
        }
    }

    /** Requests the end when a stream ends, unless a signal has already: a daemon thread reads it. */
    void requestAtEnd(final InputStream stream) {
        final Thread thread = new Thread(() -> {
            try {
                stream.transferTo(OutputStream.nullOutputStream());
                LOG.info("The standard input has ended: stopping");
            } catch (final IOException e) {
                LOG.warn("The standard input cannot be read: stopping", e);
            }
            if (request()) {
                onFirst.run();
            }
        }, "headrace-stop-at-eof");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether this was the first request. */
    private synchronized boolean request() {
        final boolean first = !requested();
        request.countDown();
        return first;
    }

    /** What to do on the first signal, on the signal's thread; at once when it has come already. */
    void onFirst(final Runnable action) {
        onFirst = action;
        if (requested()) {
            action.run();
        }
    }

    /** What to do on a further signal, given its number, instead of halting the JVM. */
    void onFurther(final IntConsumer action) {
        onFurther = action;
    }

    boolean requested() {
        return request.getCount() == 0;
    }

    /** Waits for the first signal. */
    boolean await(final long timeoutMs) throws InterruptedException {
        return request.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        restorations.forEach(Runnable::run);
    }
}
