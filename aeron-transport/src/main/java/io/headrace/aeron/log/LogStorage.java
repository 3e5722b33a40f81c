package io.headrace.aeron.log;

import io.aeron.ChannelUri;
import io.aeron.CommonContext;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.EventLogContext.Driver;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogException.Category;
import io.headrace.bus.log.SyncLevel;
import org.agrona.collections.MutableInteger;
import org.agrona.collections.MutableReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * What an open log holds: its lock, and while the storage works the archive and the writer. Owned by the log thread.
 * The Aeron part can be closed and opened again under the same lock; opening it is the same after a crash of the
 * process, after a clean stop and after a fault of the disk: cut the tail, start the archive, go on with the recording.
 */
final class LogStorage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogStorage.class);
    private static final String ALIAS_PREFIX = "headrace-log-";
    private static final long PREDECESSOR_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long PREDECESSOR_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final EventLogContext context;
    private final Path folder;
    private final Path driverFolder;
    private final LogLock lock;
    private final StorageSpace space;
    private final StorageErrors errors;
    private Recording recording;
    private LogTail tail;
    private String alias;
    private long logId;
    private ArchiveHost host;
    private RecordWriter writer;

    private LogStorage(final EventLogContext context, final LogLock lock, final LongSupplier nanoClock) {
        this.context = context;
        this.lock = lock;
        folder = context.folder();
        driverFolder = context.driver() == Driver.EXTERNAL
            ? context.driverFolder().orElseThrow() : DriverFolder.of(folder, context.driverFolder());
        space = new StorageSpace(folder, context.termLengthBytes());
        errors = new StorageErrors(nanoClock);
    }

    /**
     * Takes the lock and opens the storage.
     *
     * @param context   of the log.
     * @param nanoClock for the rate of log lines.
     * @return the storage, that records.
     */
    static LogStorage open(final EventLogContext context, final LongSupplier nanoClock) {
        validate(context);
        try {
            Files.createDirectories(context.folder());
        } catch (final IOException e) {
            throw new LogException(Category.STORAGE, "cannot make the folder " + context.folder() + ": " + e, e);
        }
        final LogLock lock = LogLock.acquire(context.folder());
        LogStorage storage = null;
        try {
            storage = new LogStorage(context, lock, nanoClock);
            storage.start(null);
            return storage;
        } catch (final RuntimeException e) {
            if (storage != null) {
                storage.stop();
            }
            lock.close();
            throw e;
        }
    }

    private static void validate(final EventLogContext context) {
        final int termLength = context.termLengthBytes();
        final int segmentLength = context.segmentLengthBytes();
        if (Integer.bitCount(termLength) != 1 || termLength < 1 << 16) {
            throw new IllegalArgumentException(
                "termLengthBytes=" + termLength + " is no power of two from 64 KiB to 1 GiB");
        }
        if (Integer.bitCount(segmentLength) != 1 || segmentLength < termLength) {
            throw new IllegalArgumentException(
                "segmentLengthBytes=" + segmentLength + " is no power of two from a term's length to 1 GiB");
        }
        if (context.maxBytes() <= 0) {
            throw new IllegalArgumentException("maxBytes=" + context.maxBytes() + " keeps nothing");
        }
        if (context.driver() == Driver.EXTERNAL && context.driverFolder().isEmpty()) {
            throw new IllegalArgumentException("driver=EXTERNAL needs the folder of that driver");
        }
    }

    /**
     * Opens the Aeron part again after {@link #stop()}.
     *
     * @param endPosition what lies behind it is cut.
     */
    void restart(final long endPosition) {
        start(endPosition);
    }

    private void start(final Long endPosition) {
        space.require();
        if (context.driver() == Driver.EXTERNAL) {
            host = ArchiveHost.start(context, driverFolder, space.refusedBytes(), errors);
            awaitEndOfPredecessor();
        }
        recording = ArchiveCatalog.read(folder);
        if (recording != null) {
            cut(endPosition);
        }
        if (host == null) {
            host = ArchiveHost.start(context, driverFolder, space.refusedBytes(), errors);
        }
        if (recording == null) {
            begin();
        } else {
            extend();
        }
    }

    /** An archive elsewhere goes on recording for a dead process until it notices, after ten seconds by default. */
    private void awaitEndOfPredecessor() {
        final long deadlineNs = System.nanoTime() + PREDECESSOR_TIMEOUT_NS;
        Recording found = ArchiveCatalog.read(folder);
        while (found != null && found.stopPosition() < 0) {
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new LogException(
                    Category.IN_USE,
                    "the archive of " + driverFolder + " has not stopped recording the event log in " + folder
                        + " for a writer that is gone: restart it",
                    null);
            }
            LockSupport.parkNanos(PREDECESSOR_PAUSE_NS);
            found = ArchiveCatalog.read(folder);
        }
    }

    private void cut(final Long endPosition) {
        final SegmentFiles files = new SegmentFiles(folder, recording);
        tail = endPosition == null
            ? LogTail.find(files, SparseIndex.load(files).checkpointEndHint()) : LogTail.at(files, endPosition);
        tail.cut();
        if (tail.cutBytes() > 0) {
            LOG.info("event log {}: cut {} bytes behind position {} that are no whole record",
                folder, tail.cutBytes(), tail.endPosition());
        }
        if (context.syncLevel() == SyncLevel.DATA) {
            force(files);
        }
    }

    /** What a dead process wrote counts as recorded from now on, and may be in the page cache only. */
    private static void force(final SegmentFiles files) {
        for (final long base : files.bases()) {
            final Path file = files.path(base);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(false);
            } catch (final IOException e) {
                throw new LogException(Category.STORAGE, "cannot sync " + file + ": " + e, e);
            }
        }
    }

    private void begin() {
        if (context.driver() == Driver.EXTERNAL && !Files.exists(folder.resolve(ArchiveCatalog.FILE_NAME))) {
            throw elsewhere();
        }
        logId = context.newLogId().isPresent()
            ? context.newLogId().getAsLong() : ThreadLocalRandom.current().nextLong();
        alias = ALIAS_PREFIX + "%016x".formatted(logId);
        writer = RecordWriter.begin(host, alias, context.termLengthBytes());
        recording = ArchiveCatalog.read(folder);
        if (recording == null || recording.recordingId() != writer.recordingId()) {
            throw elsewhere();
        }
    }

    private LogException elsewhere() {
        return new LogException(
            Category.MISMATCH,
            "the archive of " + driverFolder + " does not keep its recordings in " + folder
                + ": name that archive's folder as the event log's",
            null);
    }

    private void extend() {
        final MutableInteger mtuBytes = new MutableInteger();
        final MutableReference<String> channel = new MutableReference<>();
        final int count = host.control().listRecording(
            recording.recordingId(),
            (controlSessionId, correlationId, recordingId, startTimestamp, stopTimestamp, startPosition, stopPosition,
                initialTermId, segmentFileLength, termBufferLength, mtuLength, sessionId, streamId, strippedChannel,
                originalChannel, sourceIdentity) -> {
                mtuBytes.set(mtuLength);
                channel.set(originalChannel);
            });
        if (count == 0) {
            throw elsewhere();
        }
        alias = ChannelUri.parse(channel.get()).get(CommonContext.ALIAS_PARAM_NAME, "");
        if (!alias.startsWith(ALIAS_PREFIX) || recording.streamId() != RecordWriter.STREAM_ID) {
            throw new LogException(
                Category.MISMATCH,
                folder + " holds the recording of " + channel.get() + ", which is no event log: choose another folder",
                null);
        }
        logId = Long.parseUnsignedLong(alias.substring(ALIAS_PREFIX.length()), 16);
        if (recording.termLengthBytes() != context.termLengthBytes()
            || recording.segmentLengthBytes() != context.segmentLengthBytes()) {
            LOG.info("event log {}: goes on with the term length {} and the segment length {} that it began with",
                folder, recording.termLengthBytes(), recording.segmentLengthBytes());
        }
        writer = RecordWriter.extend(host, alias, recording, mtuBytes.get(), tail.endPosition());
    }

    /** {@return the writer, while the storage works} */
    RecordWriter writer() {
        return writer;
    }

    /** {@return the driver and archive, while the storage works} */
    ArchiveHost host() {
        return host;
    }

    /** {@return what went wrong in them} */
    StorageErrors errors() {
        return errors;
    }

    /** {@return whether there is room} */
    StorageSpace space() {
        return space;
    }

    /** {@return the log's recording} */
    Recording recording() {
        return recording;
    }

    /** {@return the segments} */
    SegmentFiles files() {
        return new SegmentFiles(folder, recording);
    }

    /** {@return the log's random number, which the catalog keeps in the recording's channel} */
    long logId() {
        return logId;
    }

    /** {@return the end that was found, or null for a new log} */
    LogTail tail() {
        return tail;
    }

    /** Closes the Aeron part. The lock stays. */
    void stop() {
        if (writer != null) {
            try {
                writer.stop();
            } catch (final RuntimeException e) {
                errors.onError(e);
            }
            writer = null;
        }
        if (host != null) {
            host.close();
            host = null;
        }
    }

    @Override
    public void close() {
        stop();
        lock.close();
    }
}
