package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.pgoutput.FatalSourceException;
import io.headrace.adapters.postgres.pgoutput.Lsn;

/**
 * Immutable: which database cluster answered, and how far its log goes.
 *
 * @param systemIdentifier of the cluster, the same for its standbys.
 * @param flushedLsn       end of its log; on a standby, of what was replayed.
 */
public record ServerIdentity(String systemIdentifier, long flushedLsn) {
    /**
     * Positions mean something only within one log: behind what is published, every change of another one would be
     * taken for one that was read before, and left out without a word.
     *
     * @param earlier      of this process's last connection; null for none.
     * @param publishedLsn where the last event published or recorded came from.
     * @throws FatalSourceException when this server cannot be where that came from.
     */
    void requireOriginOf(final ServerIdentity earlier, final long publishedLsn) {
        if (earlier != null && !earlier.systemIdentifier.equals(systemIdentifier)) {
            throw new FatalSourceException("the server is another database cluster than before (system identifier " +
                systemIdentifier + ", it was " + earlier.systemIdentifier + "); connect to the right one, or give " +
                "this source another name, under which it begins anew");
        }
        if (Long.compareUnsigned(flushedLsn, publishedLsn) < 0) {
            throw new FatalSourceException("the server's log ends at " + Lsn.format(flushedLsn) + ", but events up " +
                "to " + Lsn.format(publishedLsn) + " are published: it is another database cluster, or was put back " +
                "to an earlier state, and its changes would be taken for old ones. Connect to the right server, or " +
                "give this source another name, under which it begins anew");
        }
    }
}
