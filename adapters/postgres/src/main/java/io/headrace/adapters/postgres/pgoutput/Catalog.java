package io.headrace.adapters.postgres.pgoutput;

import java.util.Set;

/**
 * What the stream does not say about its tables. Asked on the source's thread, and only when a table is seen for the
 * first time or its definition changes, so that an answer may need a query.
 */
public interface Catalog {
    /**
     * What a type is; domains answer as their base type.
     *
     * @param typeOid    the type's object id.
     * @param streamName the name that the stream gave for it, for a type that has been dropped since; may be null.
     * @return the type.
     * @throws CatalogException when the database cannot be asked now.
     */
    PgType type(int typeOid, String streamName);

    /**
     * The columns of a table's primary key, which the stream does not tell under {@code REPLICA IDENTITY FULL}.
     *
     * @param relationOid the table's object id.
     * @return the names; empty without a primary key, or when the table has been dropped since.
     * @throws CatalogException when the database cannot be asked now.
     */
    Set<String> primaryKey(int relationOid);

    /** The database could not be asked; trying again later may succeed. */
    final class CatalogException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /**
         * The database could not be asked.
         *
         * @param message what was asked for.
         * @param cause   the driver's exception.
         */
        public CatalogException(final String message, final Throwable cause) {
            super(message, cause);
        }
    }
}
