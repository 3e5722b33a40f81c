package io.headrace.adapters.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Text in columns, each as wide as its widest cell. Owned by the thread that fills it. */
public final class TextTable {
    private static final String GAP = "  ";

    private final String[] headings;
    private final boolean[] rightAligned;
    private final List<String[]> rows = new ArrayList<>();

    /**
     * Makes an empty table.
     *
     * @param headings of the columns; one that begins with {@code >} aligns its column to the right.
     */
    public TextTable(final String... headings) {
        this.headings = new String[headings.length];
        this.rightAligned = new boolean[headings.length];
        for (int i = 0; i < headings.length; i++) {
            rightAligned[i] = headings[i].startsWith(">");
            this.headings[i] = rightAligned[i] ? headings[i].substring(1) : headings[i];
        }
    }

    /**
     * Adds a row.
     *
     * @param cells one for each column.
     * @return this.
     */
    public TextTable row(final String... cells) {
        if (cells.length != headings.length) {
            throw new IllegalArgumentException("cells=" + cells.length + " for columns=" + headings.length);
        }
        rows.add(cells.clone());
        return this;
    }

    /**
     * The table.
     *
     * @return its lines, the headings first, without spaces at their ends.
     */
    public List<String> lines() {
        final int[] widths = new int[headings.length];
        final List<String[]> all = new ArrayList<>(rows);
        all.add(0, headings);
        for (final String[] row : all) {
            Arrays.setAll(widths, i -> Math.max(widths[i], row[i].codePointCount(0, row[i].length())));
        }
        return all.stream().map(row -> line(row, widths)).toList();
    }

    private String line(final String[] row, final int[] widths) {
        final StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            final String padding = " ".repeat(widths[i] - row[i].codePointCount(0, row[i].length()));
            line.append(i == 0 ? "" : GAP)
                .append(rightAligned[i] ? padding : "").append(row[i]).append(rightAligned[i] ? "" : padding);
        }
        return line.toString().stripTrailing();
    }
}
