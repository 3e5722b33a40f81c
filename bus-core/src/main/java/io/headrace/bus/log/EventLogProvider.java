package io.headrace.bus.log;

import java.nio.file.Path;
import java.util.function.DoubleConsumer;

/** Makes event logs; found by {@link java.util.ServiceLoader}. One implementation stands on the module path. */
public interface EventLogProvider {
    /**
     * Opens a log for writing, and makes it when there is none. Cuts a torn tail.
     *
     * @param context where it is and how it is kept.
     * @return the log, to be used by one thread from now on.
     * @throws LogException when another process has it, it is damaged elsewhere than at its tail, or the storage fails.
     */
    EventLog open(EventLogContext context);

    /**
     * Opens a log for reading only, also while another process writes it.
     *
     * @param folder of the log.
     * @return the reader, standing before the first record; it sees what is whole.
     * @throws LogException when there is no log.
     */
    LogReader openReader(Path folder);

    /**
     * How a log is, also while another process writes it.
     *
     * @param folder of the log.
     * @return the description.
     * @throws LogException when there is no log.
     */
    LogDescription describe(Path folder);

    /**
     * Looks at every record, also while another process writes.
     *
     * @param folder   of the log.
     * @param progress gets the part done, from 0 to 1.
     * @return what it found.
     * @throws LogException when there is no log or it cannot be read.
     */
    LogVerification verify(Path folder, DoubleConsumer progress);

    /**
     * Gives up one damaged place, so that the log goes on behind it. What was there is kept in a file beside the
     * segments.
     *
     * @param folder       of a log that no process writes.
     * @param fromSequence the {@code nextGoodSequence} of the damage: the first event that is kept.
     * @return the damage that was given up.
     * @throws LogException when a process writes the log, or there is no such damage.
     */
    LogVerification.Damage repair(Path folder, long fromSequence);

    /**
     * Cuts the end of a log, as its leader does not have it: everything from an event on, with the epochs that begin
     * there or later. Nothing of it can be had again.
     *
     * @param folder       of a log that no process writes.
     * @param fromSequence the first event that is not to stay.
     * @return what was cut.
     * @throws LogException when a process writes the log, or what is left could not be recovered from.
     */
    LogCut cut(Path folder, long fromSequence);
}
