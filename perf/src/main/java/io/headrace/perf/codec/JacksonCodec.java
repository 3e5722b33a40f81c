package io.headrace.perf.codec;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;

import java.io.IOException;

/** One thread: JSON of the row by Jackson's data binding. */
final class JacksonCodec implements RowCodec {
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private final byte[][] events;

    JacksonCodec(final int count) {
        final ObjectMapper mapper = new ObjectMapper();
        writer = mapper.writerFor(Row.class);
        reader = mapper.readerFor(Row.class);
        events = new byte[count][];
    }

    @Override
    public int encode(final int index, final Row row) throws IOException {
        events[index] = writer.writeValueAsBytes(row);
        return events[index].length;
    }

    @Override
    public long decode(final int index) throws IOException {
        return ((Row)reader.readValue(events[index])).digest();
    }
}
