package io.headrace.adapters.file;

import io.headrace.adapters.json.DebeziumJson;
import io.headrace.adapters.json.DebeziumOptions;
import io.headrace.adapters.json.EventJson;
import io.headrace.codecs.EventView;

import java.io.IOException;
import java.io.OutputStream;

/** The lane's thread: turns an event into the lines that a file holds for it. */
interface LineRenderer {
    /**
     * Renders one event as complete lines, or none when the format has no place for it.
     *
     * @param event to render.
     * @param lines to append to; untouched when the event cannot be rendered.
     * @throws IOException when it cannot be rendered.
     */
    void render(EventView event, OutputStream lines) throws IOException;

    /** The renderer that a configuration asks for. */
    static LineRenderer of(final FileSinkOptions options) {
        if (options.format() == FileFormat.DEBEZIUM) {
            final DebeziumJson debezium = new DebeziumJson(DebeziumOptions.defaults()
                .withDatabase(options.database())
                .withDecimalHandling(options.decimalHandling())
                .withIntervalHandling(options.intervalHandling()));
            return (event, lines) -> {
                if (debezium.write(event, lines) > 0) {
                    lines.write('\n');
                }
            };
        }
        final EventJson json = new EventJson();
        return (event, lines) -> {
            json.write(event, lines);
            lines.write('\n');
        };
    }
}
