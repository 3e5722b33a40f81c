package io.headrace.adapters.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headrace.adapters.cli.report.JsonText;
import io.headrace.adapters.cli.report.Units;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of replaying or dropping parked events. Immutable.
 *
 * @param replayed  how many the sink has taken.
 * @param dropped   how many are given up.
 * @param remaining how many are parked still, though they were meant.
 * @param problems  why, for the first of them.
 */
record ParkOutcome(long replayed, long dropped, long remaining, List<String> problems) {
    static ParkOutcome none() {
        return new ParkOutcome(0, 0, 0, List.of());
    }

    static ParkOutcome ofDropped(final long count) {
        return new ParkOutcome(0, count, 0, List.of());
    }

    /** Reads the answer of a service. */
    static ParkOutcome parse(final String answer) throws IOException {
        long replayed = 0;
        long dropped = 0;
        long remaining = 0;
        final List<String> problems = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(answer)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                final String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "replayed" -> replayed = json.getLongValue();
                    case "dropped" -> dropped = json.getLongValue();
                    case "remaining" -> remaining = json.getLongValue();
                    case "problems" -> {
                        while (json.nextToken() == JsonToken.VALUE_STRING) {
                            problems.add(json.getText());
                        }
                    }
                    default -> json.skipChildren();
                }
            }
        }
        return new ParkOutcome(replayed, dropped, remaining, problems);
    }

    ParkOutcome plus(final ParkOutcome other) {
        final List<String> both = new ArrayList<>(problems);
        both.addAll(other.problems);
        return new ParkOutcome(
            replayed + other.replayed, dropped + other.dropped, remaining + other.remaining, both);
    }

    /** Shows it, and answers the exit code. */
    int report(final boolean asJson, final PrintWriter out) {
        if (asJson) {
            out.println(JsonText.pretty(this::write));
        } else {
            out.println("replayed " + Units.count(replayed) + ", dropped " + Units.count(dropped) +
                ", parked still " + Units.count(remaining));
            problems.forEach(problem -> out.println("  " + Units.oneLine(problem)));
        }
        return remaining == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private void write(final JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("replayed", replayed);
        json.writeNumberField("dropped", dropped);
        json.writeNumberField("remaining", remaining);
        json.writeArrayFieldStart("problems");
        for (final String problem : problems) {
            json.writeString(problem);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
