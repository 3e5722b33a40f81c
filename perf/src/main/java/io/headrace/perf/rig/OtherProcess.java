package io.headrace.perf.rig;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The other side of an arm, in a JVM of its own: it says that it is ready, and at its end its figures, which become
 * those of the arm. Made by the arm's main thread; one thread of its own reads what the process says.
 */
public final class OtherProcess implements AutoCloseable {
    private static final String READY = "READY";
    private static final String FIGURES = "FIGURES ";
    private static final int END_TIMEOUT_SECONDS = 30;

    private final Process process;
    private volatile boolean ready;
    private volatile String figures;
    private volatile boolean ended;

    private OtherProcess(final Process process) {
        this.process = process;
        final Thread reader = new Thread(this::read, "other-process");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts it, with the options of this JVM.
     *
     * @param mainClass of the process.
     * @param args      for it.
     * @param options   for its JVM, beside those of this one.
     * @return the process, which may not be ready yet.
     * @throws IOException when it cannot be started.
     */
    public static OtherProcess start(final Class<?> mainClass, final List<String> args, final String... options)
        throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
        command.addAll(args);
        return new OtherProcess(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Said by the other process. */
    public static void tellReady() {
        System.out.println(READY);
    }

    /**
     * Said by the other process, as its last word.
     *
     * @param values by name.
     */
    public static void tell(final Map<String, Double> values) {
        final StringBuilder line = new StringBuilder();
        values.forEach((name, value) -> line.append(String.format(Locale.ROOT, "%s=%.4f;", name, value)));
        System.out.println(FIGURES + line);
    }

    /** Called by the other process: waits until the arm's own closes what it writes to, as it has everything. */
    public static void awaitEnd() {
        try {
            while (System.in.read() >= 0) {
                continue;
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Called by the other process, when it has something to do meanwhile.
     *
     * @return whether the arm's own closed what it writes to; to be asked by any thread.
     */
    public static BooleanSupplier end() {
        final Thread waiting = new Thread(OtherProcess::awaitEnd, "end");
        waiting.setDaemon(true);
        waiting.start();
        return () -> !waiting.isAlive();
    }

    private void read() {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (READY.equals(line)) {
                    ready = true;
                } else if (line.startsWith(FIGURES)) {
                    figures = line.substring(FIGURES.length());
                }
            }
        } catch (final IOException e) {
            System.err.println("cannot read what the other process says: " + e);
        }
        ended = true;
    }

    /**
     * Waits until the process has said that it is ready.
     *
     * @param meanwhile what to do again and again.
     */
    public void awaitReady(final Runnable meanwhile) {
        while (!ready) {
            requireAlive();
            meanwhile.run();
        }
    }

    /**
     * Waits for the figures.
     *
     * @param meanwhile what to do again and again.
     * @return the figures by name.
     */
    public Map<String, Double> awaitFigures(final Runnable meanwhile) {
        while (figures == null) {
            requireAlive();
            meanwhile.run();
        }
        final Map<String, Double> values = new LinkedHashMap<>();
        for (final String pair : figures.split(";")) {
            final int equals = pair.indexOf('=');
            values.put(pair.substring(0, equals), Double.parseDouble(pair.substring(equals + 1)));
        }
        return values;
    }

    /** Fails when the process has ended without its figures. */
    public void requireAlive() {
        if (ended && figures == null) {
            throw new IllegalStateException("the other process ended before its time");
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        boolean gone = false;
        try {
            gone = process.waitFor(END_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!gone) {
            process.destroyForcibly();
        }
    }
}
