package io.headrace.adapters.cli.eventlog;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.adapters.json.EventJson;
import io.headrace.bus.log.EventLogProvider;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.LogState;
import io.headrace.bus.log.ParkedEvent;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventParkedView;
import io.headrace.codecs.EventView;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/** The parked events, as the files of an event log tell them. Used by one thread; holds no state. */
public final class ParkedInLog {
    private ParkedInLog() {
    }

    /**
     * Finds what is parked.
     *
     * @param provider of logs.
     * @param folder   of the log.
     * @return the events, in the order of subscriptions and sequences.
     * @throws io.headrace.bus.log.LogException when there is no log, or it cannot be read.
     */
    public static List<ParkedEvent> events(final EventLogProvider provider, final Path folder) {
        final LogDescription log = provider.describe(folder);
        final LogState state = new LogState(log.logId());
        RecoveredState.read(provider, log, state);
        try (LogReader reader = provider.openReader(folder)) {
            state.parked().load(reader);
        }
        return state.parked().events();
    }

    /**
     * The event itself as JSON, in the form of {@code headrace tail}.
     *
     * @param provider of logs.
     * @param folder   of the log.
     * @param parked   the event.
     * @return one JSON object; a text in JSON that says why, when it cannot be shown.
     */
    public static String eventJson(final EventLogProvider provider, final Path folder, final ParkedEvent parked) {
        final EventParkedView view = new EventParkedView();
        final EventView event = new EventView();
        try (LogReader reader = provider.openReader(folder)) {
            reader.seekPosition(parked.logPosition());
            if (reader.next()
                && view.wrap(reader.buffer(), reader.offset(), reader.lengthBytes()) == DecodeError.NONE
                && event.wrap(view.buffer(), view.eventOffset(), view.eventLength()) == DecodeError.NONE) {
                return new String(new EventJson().toBytes(event), StandardCharsets.UTF_8);
            }
            return "\"its record is not at log position " + parked.logPosition() + "\"";
        } catch (final UncheckedIOException e) {
            return "\"it has no JSON form\"";
        }
    }

    /**
     * The key as people read it.
     *
     * @param parked the event.
     * @return text, or {@code 0x} and hexadecimal digits for what is none; empty without a key.
     */
    public static String keyText(final ParkedEvent parked) {
        final String text = new String(parked.key(), StandardCharsets.UTF_8);
        final boolean printable = text.codePoints().noneMatch(
            point -> Character.isISOControl(point) || point == '\uFFFD');
        return printable ? text : "0x" + HexFormat.of().formatHex(parked.key());
    }

    /**
     * Writes what is known of a parked event.
     *
     * @param parked the event.
     * @param json   to write to, inside an object.
     * @throws IOException as the generator does.
     */
    public static void write(final ParkedEvent parked, final JsonGenerator json) throws IOException {
        json.writeStringField("flow", parked.subscription());
        json.writeNumberField("sequence", parked.sequence());
        json.writeStringField("topic", parked.topic());
        json.writeStringField("key", keyText(parked));
        json.writeStringField("parkedAt", LogTimes.text(parked.parkedAtNs()));
        json.writeNumberField("attempts", parked.attempts());
        json.writeBooleanField("heldBack", parked.heldBack());
        json.writeStringField("reason", parked.reason());
        json.writeNumberField("logPosition", parked.logPosition());
    }
}
