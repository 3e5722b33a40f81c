package io.headrace.bus.log;

import io.headrace.bus.adapter.RecordedSource;
import io.headrace.bus.publish.MessageIdWindows;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.MessageIdsView;
import io.headrace.codecs.sbe.Flag;
import io.headrace.codecs.sbe.LogEpochDecoder;
import io.headrace.codecs.sbe.MessageHeaderDecoder;
import io.headrace.codecs.sbe.MessageIdsDecoder;
import io.headrace.codecs.sbe.SourceStateDecoder;
import io.headrace.codecs.sbe.SubscriptionPositionDecoder;
import org.agrona.DirectBuffer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything that a restarted bus has to know, as the records of its log tell it: fed with the records from the last
 * checkpoint on when the log is opened, and from then on with each record as it is appended. Owned by the log thread;
 * what other threads need of it they are given before that thread begins.
 *
 * <p>Each record only replaces what an earlier one said, so that it does no harm to feed some of them twice.
 */
public final class LogState implements LogRecordHandler {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final LogEpochDecoder epochDecoder = new LogEpochDecoder();
    private final SubscriptionPositionDecoder positionDecoder = new SubscriptionPositionDecoder();
    private final SourceStateDecoder sourceDecoder = new SourceStateDecoder();
    private final MessageIdsView messageIdsView = new MessageIdsView();
    private final ParkedEvents parked = new ParkedEvents(ParkedEvents.DEFAULT_MAX_EVENTS);
    private final EventView view = new EventView();
    private final List<SourceRecord> sources = new ArrayList<>();
    private final Map<String, long[]> positions = new TreeMap<>();
    private EpochHistory epochs;
    private SourceRecord lastSource;
    private long nextSequence;

    /**
     * The state of a log of which nothing was read yet.
     *
     * @param logId of the log.
     */
    public LogState(final long logId) {
        epochs = EpochHistory.of(logId);
    }

    /**
     * {@inheritDoc}
     *
     * @throws LogException when a control message cannot be what was written.
     */
    @Override
    public void onRecord(
        final RecordType type,
        final long sequence,
        final long followingSequence,
        final long position,
        final DirectBuffer buffer,
        final int offset,
        final int lengthBytes) {
        nextSequence = followingSequence;
        if (type == RecordType.EVENT) {
            if (view.wrap(buffer, offset, lengthBytes) == DecodeError.NONE) {
                onEvent(view);
            }
        } else if (type == RecordType.CONTROL) {
            try {
                onControl(position, buffer, offset, lengthBytes);
            } catch (final IndexOutOfBoundsException | IllegalArgumentException ex) {
                throw new LogException(LogException.Category.DAMAGED, "The control record at log position " + position
                    + " is not what was written: " + ex.getMessage() + ". Look with headrace log verify.", ex);
            }
        }
    }

    /**
     * Takes an event that is appended.
     *
     * @param event accepted by its view.
     */
    public void onEvent(final EventView event) {
        sourceOf(event.buffer(), event.sourceOffset(), event.sourceLength()).onEvent(event);
    }

    private SourceRecord sourceOf(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (lastSource != null && lastSource.isNamed(buffer, offset, lengthBytes)) {
            return lastSource;
        }
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).isNamed(buffer, offset, lengthBytes)) {
                lastSource = sources.get(i);
                return lastSource;
            }
        }
        lastSource = new SourceRecord(buffer.getStringWithoutLengthUtf8(offset, lengthBytes));
        sources.add(lastSource);
        return lastSource;
    }

    private SourceRecord sourceOf(final String name) {
        return sources.stream().filter(source -> source.name().equals(name)).findFirst().orElseGet(() -> {
            final SourceRecord source = new SourceRecord(name);
            sources.add(source);
            return source;
        });
    }

    /**
     * Takes a control message that is read or appended.
     *
     * @param position    the log position at which its record begins.
     * @param buffer      that holds the message.
     * @param offset      where it begins.
     * @param lengthBytes its length.
     */
    void onControl(final long position, final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (parked.onControl(buffer, offset, lengthBytes, position)) {
            return;
        }
        header.wrap(buffer, offset);
        switch (header.templateId()) {
            case LogEpochDecoder.TEMPLATE_ID -> {
                epochDecoder.wrapAndApplyHeader(buffer, offset, header);
                if (epochs.logId() != epochDecoder.logId()) {
                    epochs = EpochHistory.of(epochDecoder.logId());
                }
                epochs = epochs.begin(
                    epochDecoder.epoch(), epochDecoder.firstSequence(), epochDecoder.startTimeNs());
            }
            case SubscriptionPositionDecoder.TEMPLATE_ID -> onPosition(buffer, offset);
            case SourceStateDecoder.TEMPLATE_ID -> onSource(buffer, offset);
            case MessageIdsDecoder.TEMPLATE_ID -> onMessageIds(position, buffer, offset, lengthBytes);
            default -> {
                // A message of a later version: what it says cannot matter to this one.
            }
        }
    }

    private void onPosition(final DirectBuffer buffer, final int offset) {
        positionDecoder.wrapAndApplyHeader(buffer, offset, header);
        final boolean forgotten = positionDecoder.forgotten() == Flag.YES;
        final SubscriptionPositionDecoder.LanesDecoder lanes = positionDecoder.lanes();
        final long[] finishedSequences = new long[lanes.count()];
        for (int i = 0; i < finishedSequences.length; i++) {
            finishedSequences[i] = lanes.next().finishedSequence();
        }
        final String subscription = positionDecoder.subscription();
        if (forgotten) {
            positions.remove(subscription);
        } else {
            positions.put(subscription, finishedSequences);
        }
    }

    private void onSource(final DirectBuffer buffer, final int offset) {
        sourceDecoder.wrapAndApplyHeader(buffer, offset, header);
        final SourceRecord source = sourceOf(sourceDecoder.source());
        final byte[] sourcePosition = new byte[sourceDecoder.sourcePositionLength()];
        sourceDecoder.getSourcePosition(sourcePosition, 0, sourcePosition.length);
        source.restore(
            sourceDecoder.lastSequence(),
            sourceDecoder.openTransaction() == Flag.YES,
            sourceDecoder.snapshotOpen() == Flag.YES,
            sourcePosition);
    }

    private void onMessageIds(
        final long position, final DirectBuffer buffer, final int offset, final int lengthBytes) {
        final DecodeError error = messageIdsView.wrap(buffer, offset, lengthBytes);
        if (error != DecodeError.NONE) {
            throw new IllegalArgumentException("message ids at " + position + ": " + error);
        }
        MessageIdsProxy.read(messageIdsView, sourceOf(messageIdsView.source()).messageIds());
    }

    /**
     * Encodes the whole state, one message after the other.
     *
     * @param nowNs         since the Unix epoch.
     * @param maxLengthBytes of a message.
     * @param each          takes the messages.
     */
    void writeCheckpoint(final long nowNs, final int maxLengthBytes, final ControlMessageHandler each) {
        final ControlMessages messages = new ControlMessages();
        for (long epoch = 1; epoch <= epochs.epoch(); epoch++) {
            each.onMessage(messages.buffer(), 0,
                messages.epoch(
                epochs.logId(), epoch, epochs.firstSequence(epoch), epochs.startTimeNs(epoch)));
        }
        for (final SourceRecord source : sources) {
            each.onMessage(messages.buffer(), 0, messages.source(source.name(), source.recorded()));
            if (source.hasMessageIds()) {
                new MessageIdsProxy().write(source.name(), source.messageIds(), maxLengthBytes, each);
            }
        }
        positions.forEach((name, finished) ->
            each.onMessage(messages.buffer(), 0, messages.position(name, finished, nowNs)));
        parked.writeCheckpoint(each);
    }

    /**
     * Gives the publishers the message ids that are recorded.
     *
     * @param windows of the bus.
     */
    public void restore(final MessageIdWindows windows) {
        for (final SourceRecord source : sources) {
            if (source.hasMessageIds()) {
                windows.restore(source.name(), source.messageIds());
            }
        }
    }

    /** {@return the parked events; their reading methods are for any thread} */
    public ParkedEvents parked() {
        return parked;
    }

    /** {@return the epochs of the log} */
    public EpochHistory epochs() {
        return epochs;
    }

    /** {@return the first sequence that the next event may have, after the records seen} */
    public long nextSequence() {
        return nextSequence;
    }

    /**
     * What is recorded of a source.
     *
     * @param name of the source.
     * @return how far; empty for a source that is not known.
     */
    public Optional<RecordedSource> source(final String name) {
        return sources.stream().filter(source -> source.name().equals(name)).findFirst().map(SourceRecord::recorded);
    }

    /** {@return the names of the sources that the log knows} */
    public List<String> sourceNames() {
        return sources.stream().map(SourceRecord::name).toList();
    }

    /**
     * How far a subscription has finished.
     *
     * @param subscription its name.
     * @return the finished sequence of each lane that it had; empty for a subscription that is not known.
     */
    public Optional<long[]> position(final String subscription) {
        return Optional.ofNullable(positions.get(subscription)).map(long[]::clone);
    }

    /** {@return the names of the subscriptions with a position} */
    public List<String> subscriptionNames() {
        return List.copyOf(positions.keySet());
    }
}
