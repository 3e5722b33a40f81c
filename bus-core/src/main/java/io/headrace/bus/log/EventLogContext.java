package io.headrace.bus.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where an event log is and how it is kept. Set up by one thread; the provider checks the ranges when it opens the log.
 */
public final class EventLogContext {
    /** Who drives the media driver and the archive. */
    public enum Driver {
        /** The log thread, by turns: the lowest latency on few cores, next to nothing when idle. */
        INVOKED,
        /** Threads of their own in this process, for hosts with cores to spare. */
        THREADED,
        /** A media driver and an archive that run elsewhere on this host. */
        EXTERNAL
    }

    private Path folder;
    private Optional<Path> driverFolder = Optional.empty();
    private Driver driver = Driver.INVOKED;
    private SyncLevel syncLevel = SyncLevel.NONE;
    private int termLengthBytes = 16 << 20;
    private int segmentLengthBytes = 128 << 20;
    private Optional<Duration> maxAge = Optional.empty();
    private long maxBytes = Long.MAX_VALUE;
    private OptionalLong newLogId = OptionalLong.empty();

    /**
     * Sets where the segments are.
     *
     * @param value a folder, made when it is not there.
     * @return this.
     */
    public EventLogContext folder(final Path value) {
        this.folder = value;
        return this;
    }

    /** {@return where the segments are} */
    public Path folder() {
        return folder;
    }

    /**
     * Sets where the driver keeps its memory.
     *
     * @param value a folder on a memory file system; without it one is chosen for the log's folder.
     * @return this.
     */
    public EventLogContext driverFolder(final Optional<Path> value) {
        this.driverFolder = value;
        return this;
    }

    /** {@return where the driver keeps its memory} */
    public Optional<Path> driverFolder() {
        return driverFolder;
    }

    /**
     * Sets who drives the storage.
     *
     * @param value {@link Driver#INVOKED} unless set.
     * @return this.
     */
    public EventLogContext driver(final Driver value) {
        this.driver = value;
        return this;
    }

    /** {@return who drives the storage} */
    public Driver driver() {
        return driver;
    }

    /**
     * Sets when an event counts as recorded.
     *
     * @param value {@link SyncLevel#NONE} unless set.
     * @return this.
     */
    public EventLogContext syncLevel(final SyncLevel value) {
        this.syncLevel = value;
        return this;
    }

    /** {@return when an event counts as recorded} */
    public SyncLevel syncLevel() {
        return syncLevel;
    }

    /**
     * Sets the length of a term: three of them are kept in memory, and a record is an eighth of one at the most.
     *
     * @param value a power of two from 64 KiB to 1 GiB; 16 MiB unless set.
     * @return this.
     */
    public EventLogContext termLengthBytes(final int value) {
        this.termLengthBytes = value;
        return this;
    }

    /** {@return the length of a term in bytes} */
    public int termLengthBytes() {
        return termLengthBytes;
    }

    /**
     * Sets the length of a segment: what is purged at once.
     *
     * @param value a power of two, at least a term; 128 MiB unless set.
     * @return this.
     */
    public EventLogContext segmentLengthBytes(final int value) {
        this.segmentLengthBytes = value;
        return this;
    }

    /** {@return the length of a segment in bytes} */
    public int segmentLengthBytes() {
        return segmentLengthBytes;
    }

    /**
     * Sets what is kept.
     *
     * @param age   events older than this may go; without it: age is no reason to go.
     * @param bytes segments beyond this total may go.
     * @return this.
     */
    public EventLogContext retention(final Optional<Duration> age, final long bytes) {
        this.maxAge = age;
        this.maxBytes = bytes;
        return this;
    }

    /** {@return the age beyond which events may go} */
    public Optional<Duration> maxAge() {
        return maxAge;
    }

    /**
     * Sets the random number of the log should it be made: that of its leader's log for a replica.
     *
     * @param value the number; without it one is drawn.
     * @return this.
     */
    public EventLogContext newLogId(final OptionalLong value) {
        this.newLogId = value;
        return this;
    }

    /** {@return the random number of the log should it be made} */
    public OptionalLong newLogId() {
        return newLogId;
    }

    /** {@return the total in bytes beyond which segments may go} */
    public long maxBytes() {
        return maxBytes;
    }
}
