package io.headrace.adapters.cli;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The built distribution in a process of its own, started by the launcher as a user starts it. */
final class HeadraceProcess implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Path LAUNCHER = Path.of("..", "..", "headrace");
    private static final Pattern CONTROL = Pattern.compile("control on (http://\\S+);");

    private final List<ProcessHandle> children = new ArrayList<>();
    private final Process process;
    private final Path out;
    private final Path err;

    HeadraceProcess(final Path folder, final String... args) throws IOException {
        this(folder, "", command(args));
    }

    /** Behind another command, which runs it elsewhere, and with further options for its JVM. */
    static HeadraceProcess behind(
        final List<String> before, final List<String> jvmOptions, final Path folder, final String... args)
        throws IOException {
        final List<String> command = new ArrayList<>(before);
        command.addAll(command(args));
        return new HeadraceProcess(folder, String.join(" ", jvmOptions), command);
    }

    private static List<String> command(final String... args) throws IOException {
        final List<String> command = new ArrayList<>(List.of(LAUNCHER.toRealPath().toString()));
        command.addAll(List.of(args));
        return command;
    }

    /** With a terminal of its own, by the program {@code script}, which copies to its output what the terminal gets. */
    static HeadraceProcess inTerminal(final Path folder, final String... args) throws IOException {
        return new HeadraceProcess(folder, "",
            List.of("script", "--quiet", "--return", "--flush", "--command", String.join(" ", command(args)),
                "/dev/null"));
    }

    private HeadraceProcess(final Path folder, final String jvmOptions, final List<String> command)
        throws IOException {
        out = Files.createTempFile(folder, "out", ".txt");
        err = Files.createTempFile(folder, "err", ".txt");
        final ProcessBuilder builder = new ProcessBuilder(command)
            .directory(folder.toFile()).redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("HEADRACE_NO_BUILD", "1");
        builder.environment().put("TERM", "xterm");
        builder.environment().merge("HEADRACE_JAVA_OPTS", jvmOptions, (given, more) -> given + " " + more);
        process = builder.start();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the service says where it is controlled from. */
    URI awaitControl() {
        await().atMost(PATIENCE).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + "\n" + out() + err());
            }
            return CONTROL.matcher(out()).find();
        });
        final Matcher control = CONTROL.matcher(out());
        control.find();
        return URI.create(control.group(1));
    }

    void awaitOut(final String text) {
        await().atMost(PATIENCE).until(() -> out().contains(text));
        children.addAll(process.descendants().toList());
    }

    /** How many of the processes that it had when its output was waited for are still there. */
    long childCount() {
        return children.stream().filter(ProcessHandle::isAlive).count();
    }

    void awaitErr(final String text) {
        await().atMost(PATIENCE).until(() -> err().contains(text));
    }

    void signal(final String name) throws IOException, InterruptedException {
        final int exitCode = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
            .inheritIO().start().waitFor();
        if (exitCode != 0) {
            throw new IllegalStateException("kill exitCode=" + exitCode);
        }
    }

    /** The launcher becomes the JVM; in a terminal it is a child of those who made the terminal. */
    private long pid() {
        return process.descendants().filter(child -> child.info().command().orElse("").endsWith("/java"))
            .mapToLong(ProcessHandle::pid).findFirst().orElse(process.pid());
    }

    /** SIGKILL, and waits for the end. */
    void kill() throws IOException, InterruptedException {
        signal("KILL");
        awaitExit();
    }

    int awaitExit() throws InterruptedException {
        return awaitExit(PATIENCE);
    }

    int awaitExit(final Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running\n" + out() + err());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
