package io.headrace.adapters.cli.report;

import java.io.PrintStream;
import java.util.List;

/**
 * A block of lines at the bottom of a terminal that is drawn over again and again, while other text scrolls by above
 * it. Safe for any thread: one lock keeps text and table apart.
 */
final class LiveTable {
    private static final String ESC = "\u001b[";
    private static final String CLEAR_LINE_END = ESC + "K";
    private static final String CLEAR_BELOW = ESC + "J";
    /** A line that is too long is cut by the terminal; wrapped, it would put the cursor's count wrong. */
    private static final String WRAP_OFF = ESC + "?7l";
    private static final String WRAP_ON = ESC + "?7h";
    private static final String RESET = ESC + "0m";

    private final PrintStream out;
    private final boolean colours;
    private List<StatusLine> drawn = List.of();

    LiveTable(final PrintStream out, final boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    synchronized void draw(final List<StatusLine> lines) {
        final StringBuilder text = new StringBuilder(cursorToTop());
        append(lines, text);
        write(text);
        drawn = List.copyOf(lines);
    }

    /** Puts text above the table, where it stays. */
    synchronized void printAbove(final String line) {
        final StringBuilder text = new StringBuilder(cursorToTop())
            .append(CLEAR_BELOW).append(line).append('\n');
        append(drawn, text);
        write(text);
    }

    private String cursorToTop() {
        return drawn.isEmpty() ? "" : ESC + drawn.size() + "F";
    }

    private void append(final List<StatusLine> lines, final StringBuilder text) {
        text.append(WRAP_OFF);
        for (final StatusLine line : lines) {
            final String style = colours ? style(line.attention()) : "";
            text.append(style).append(line.text()).append(style.isEmpty() ? "" : RESET)
                .append(CLEAR_LINE_END).append('\n');
        }
        text.append(CLEAR_BELOW).append(WRAP_ON);
    }

    private static String style(final StatusLine.Attention attention) {
        return switch (attention) {
            case PLAIN -> "";
            case HEADING -> ESC + "1m";
            case WARNING -> ESC + "33m";
            case ALARM -> ESC + "31m";
        };
    }

    private void write(final StringBuilder text) {
        out.print(text);
        out.flush();
    }
}
