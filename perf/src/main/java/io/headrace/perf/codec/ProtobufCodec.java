package io.headrace.perf.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import io.headrace.perf.codec.proto.ProtoRow;

/** One thread: protobuf, by the classes that protoc generates. */
final class ProtobufCodec implements RowCodec {
    private final byte[][] events;

    ProtobufCodec(final int count) {
        events = new byte[count][];
    }

    @Override
    public int encode(final int index, final Row row) {
        events[index] = ProtoRow.newBuilder()
            .setSchemaName(row.schemaName()).setTableName(row.tableName()).setOperation(row.operation())
            .setTransactionId(row.transactionId()).setCommitTimeNs(row.commitTimeNs()).setLsn(row.lsn())
            .setId(row.id()).setItem(row.item()).setAmount(row.amount()).setWeight(row.weight())
            .setStockedAtUs(row.stockedAtUs()).setActive(row.active()).build().toByteArray();
        return events[index].length;
    }

    @Override
    public long decode(final int index) throws InvalidProtocolBufferException {
        final ProtoRow row = ProtoRow.parseFrom(events[index]);
        return Row.digest(row.getSchemaName(), row.getTableName(), row.getOperation(), row.getTransactionId(),
            row.getCommitTimeNs(), row.getLsn()) + Row.digest(row.getId(), row.getItem(), row.getAmount(),
            row.getWeight(), row.getStockedAtUs(), row.getActive());
    }
}
