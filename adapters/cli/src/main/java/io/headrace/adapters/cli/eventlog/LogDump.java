package io.headrace.adapters.cli.eventlog;

import io.headrace.adapters.cli.report.JsonText;
import io.headrace.adapters.cli.report.Units;
import io.headrace.adapters.json.EventJson;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;

import java.io.BufferedWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Prints the records of an event log, one on a line. Owned by one thread. */
public final class LogDump {
    private static final int BUFFER_CHARS = 1 << 16;
    private static final int RECORDS_BETWEEN_FLUSHES = 1024;

    private final PrintWriter out;
    private final boolean asJson;
    private final boolean withControl;
    private final EventView view = new EventView();
    private final EventJson eventJson = new EventJson();
    private final ControlRecordJson controlJson = new ControlRecordJson();

    /**
     * Makes a printer.
     *
     * @param out         to print to.
     * @param asJson      whether each event is a JSON object; otherwise it is text. Control records always are JSON.
     * @param withControl whether control records are printed, too.
     */
    public LogDump(final PrintWriter out, final boolean asJson, final boolean withControl) {
        // What is given is flushed with each line, which is slow for many.
        this.out = new PrintWriter(new BufferedWriter(out, BUFFER_CHARS));
        this.asJson = asJson;
        this.withControl = withControl;
    }

    /**
     * Prints until the walk ends, or nobody reads what is printed.
     *
     * @param walk   over the log.
     * @param topics of the events that are wanted.
     * @param limit  after how many events it ends.
     * @return how many events were printed.
     * @throws io.headrace.bus.log.LogException when a record is damaged, or was purged meanwhile.
     */
    public long print(final LogWalk walk, final TopicSelector topics, final long limit) {
        long count = 0;
        long recordCount = 0;
        try {
            while (count < limit && walk.next() && !isUnread(++recordCount)) {
                count += print(walk, topics);
            }
        } finally {
            out.flush();
        }
        return count;
    }

    /** Whether nobody reads what is printed, asked now and then: asking flushes. */
    private boolean isUnread(final long recordCount) {
        return recordCount % RECORDS_BETWEEN_FLUSHES == 0 && out.checkError();
    }

    /** Prints the record; 1 for an event that was wanted. */
    private int print(final LogWalk walk, final TopicSelector topics) {
        final LogReader reader = walk.reader();
        if (!walk.isEvent()) {
            if (withControl) {
                out.println(JsonText.line(json -> controlJson.write(reader, json)));
            }
            return 0;
        }
        if (view.wrap(reader.buffer(), reader.offset(), reader.lengthBytes()) != DecodeError.NONE) {
            out.println("{\"undecodable\":" + reader.sequence() + "}");
            return 1;
        }
        if (!topics.matches(view.buffer(), view.topicOffset(), view.topicLength())) {
            return 0;
        }
        out.println(asJson ? json() : text());
        return 1;
    }

    private String json() {
        try {
            return new String(eventJson.toBytes(view), StandardCharsets.UTF_8);
        } catch (final UncheckedIOException e) {
            return "{\"unrenderable\":" + view.sequence() + "}";
        }
    }

    private String text() {
        return String.format(Locale.ROOT, "%10d  %s  %s  %s%s  %d bytes", view.sequence(),
            LogTimes.text(view.publishTimeNs()), Units.oneLine(view.topic()),
            view.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'), key(), view.length());
    }

    private String key() {
        if (view.keyLength() == 0) {
            return "";
        }
        final byte[] key = new byte[view.keyLength()];
        view.buffer().getBytes(view.keyOffset(), key);
        return "  key " + Units.oneLine(new String(key, StandardCharsets.UTF_8));
    }
}
