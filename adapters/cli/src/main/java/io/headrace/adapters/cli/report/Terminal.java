package io.headrace.adapters.cli.report;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where the process writes: a stream, and whether a person's terminal is behind it. Safe for any thread.
 *
 * @param out           where reports go.
 * @param interactive   whether a terminal shows it, so that lines can be drawn over.
 * @param errorsShareIt whether what goes to stderr appears on a terminal too.
 * @param colours       whether colours are welcome.
 */
public record Terminal(PrintStream out, boolean interactive, boolean errorsShareIt, boolean colours) {
    private static final Logger LOG = LoggerFactory.getLogger(Terminal.class);
    private static final int DEFAULT_ROWS = 24;
    private static final int STTY_TIMEOUT_MS = 500;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    /**
     * What this process was started with.
     *
     * @param out         its standard output.
     * @param environment of the process; {@code TERM} and {@code NO_COLOR} are looked at.
     * @return the terminal.
     */
    public static Terminal ofProcess(final PrintStream out, final Map<String, String> environment) {
        final String term = environment.getOrDefault("TERM", "dumb");
        final boolean capable = !term.isEmpty() && !"dumb".equals(term);
        return new Terminal(out, capable && isTerminal(STDOUT), capable && isTerminal(STDERR),
            environment.getOrDefault("NO_COLOR", "").isEmpty());
    }

    /**
     * A stream that is no terminal.
     *
     * @param out where reports go.
     * @return the stream as such.
     */
    public static Terminal plain(final PrintStream out) {
        return new Terminal(out, false, false, false);
    }

    /** The JVM tells whether input and output together are a terminal, and newer ones tell less: ask the system. */
    private static boolean isTerminal(final int descriptor) {
        final Path link = Path.of("/proc/self/fd/" + descriptor);
        if (Files.isSymbolicLink(link)) {
            try {
                final String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
            } catch (final IOException e) {
                LOG.debug("{} cannot be read; taking it for no terminal", link, e);
                return false;
            }
        }
        return !File.separator.equals("\\") && System.console() != null;
    }

    /**
     * How many lines the terminal shows now.
     *
     * @return the number of lines; 24 when nobody knows.
     */
    int rows() {
        try {
            final Process stty = new ProcessBuilder("stty", "size")
                .redirectInput(new File("/dev/tty")).redirectErrorStream(true).start();
            if (!stty.waitFor(STTY_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                stty.destroyForcibly();
                return DEFAULT_ROWS;
            }
            final String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            final int rows = Integer.parseInt(answer.strip().split(" ")[0]);
            return rows > 0 ? rows : DEFAULT_ROWS;
        } catch (final IOException | NumberFormatException e) {
            LOG.debug("The terminal's size is unknown", e);
            return DEFAULT_ROWS;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return DEFAULT_ROWS;
        }
    }
}
