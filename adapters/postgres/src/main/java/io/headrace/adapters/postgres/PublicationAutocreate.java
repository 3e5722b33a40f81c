package io.headrace.adapters.postgres;

/** Whether the source makes the publication that it reads, when the database has none of that name. */
public enum PublicationAutocreate {
    /** A publication of the configured tables; tables that it lacks later are added. The user must own them. */
    TABLES,
    /** A publication of all tables; the user must be a superuser. */
    ALL,
    /** None: the database's owner makes it. */
    OFF
}
