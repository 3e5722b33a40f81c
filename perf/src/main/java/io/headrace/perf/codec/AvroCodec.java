package io.headrace.perf.codec;

import io.headrace.perf.codec.avro.AvroRow;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** One thread: Avro's binary form without its schema, by generated classes; what may be used again is. */
final class AvroCodec implements RowCodec {
    private final SpecificDatumWriter<AvroRow> writer = new SpecificDatumWriter<>(AvroRow.class);
    private final SpecificDatumReader<AvroRow> reader = new SpecificDatumReader<>(AvroRow.class);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AvroRow written = new AvroRow();
    private final AvroRow read = new AvroRow();
    private final byte[][] events;
    private BinaryEncoder encoder;
    private BinaryDecoder decoder;

    AvroCodec(final int count) {
        events = new byte[count][];
    }

    @Override
    public int encode(final int index, final Row row) throws IOException {
        written.setSchemaName(row.schemaName());
        written.setTableName(row.tableName());
        written.setOperation(row.operation());
        written.setTransactionId(row.transactionId());
        written.setCommitTimeNs(row.commitTimeNs());
        written.setLsn(row.lsn());
        written.setId(row.id());
        written.setItem(row.item());
        written.setAmount(row.amount());
        written.setWeight(row.weight());
        written.setStockedAtUs(row.stockedAtUs());
        written.setActive(row.active());
        out.reset();
        encoder = EncoderFactory.get().binaryEncoder(out, encoder);
        writer.write(written, encoder);
        encoder.flush();
        events[index] = out.toByteArray();
        return events[index].length;
    }

    @Override
    public long decode(final int index) throws IOException {
        decoder = DecoderFactory.get().binaryDecoder(events[index], decoder);
        final AvroRow row = reader.read(read, decoder);
        return Row.digest(row.getSchemaName(), row.getTableName(), row.getOperation(), row.getTransactionId(),
            row.getCommitTimeNs(), row.getLsn()) + Row.digest(row.getId(), row.getItem(), row.getAmount(),
            row.getWeight(), row.getStockedAtUs(), row.getActive());
    }
}
