package io.headrace.adapters.cli.report;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A terminal that understands what the live table sends, and nothing else. */
final class Screen {
    private static final Pattern TOKEN = Pattern.compile("\u001b\\[(\\??\\d*)([A-Za-z])|\n|[^\u001b\n]+");

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(sent, true, StandardCharsets.UTF_8);

    PrintStream out() {
        return out;
    }

    /** What a person sees: all lines, from the first one ever written. */
    List<String> lines() {
        final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
        int row = 0;
        int column = 0;
        final Matcher token = TOKEN.matcher(sent.toString(StandardCharsets.UTF_8));
        while (token.find()) {
            final String text = token.group();
            if (text.equals("\n")) {
                row++;
                column = 0;
                if (row == lines.size()) {
                    lines.add(new StringBuilder());
                }
            } else if (token.group(2) == null) {
                lines.get(row).replace(column, Math.min(lines.get(row).length(), column + text.length()), text);
                column += text.length();
            } else {
                switch (token.group(2)) {
                    case "F" -> {
                        row -= Integer.parseInt(token.group(1));
                        column = 0;
                    }
                    case "K" -> lines.get(row).setLength(column);
                    case "J" -> {
                        lines.get(row).setLength(column);
                        lines.subList(row + 1, lines.size()).clear();
                    }
                    case "m", "l", "h" -> { }
                    default -> throw new AssertionError("unknown sequence " + text.substring(1));
                }
            }
        }
        return lines.stream().map(StringBuilder::toString).toList();
    }
}
