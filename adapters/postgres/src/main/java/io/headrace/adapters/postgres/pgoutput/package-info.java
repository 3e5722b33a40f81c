/**
 * First stop of a row change, the inner half: bytes of PostgreSQL's {@code pgoutput} plugin become events on the bus.
 *
 * <pre>
 *  message bytes ──▶ PgOutputDecoder ──(Tuple, Relation)──▶ ChangePublisher ──claim, encode in place, commit──▶ bus
 *                         │    ▲                                  │
 *                  SpillFile (transactions in progress)      TextValues (text to the encoding of a ColumnType)
 * </pre>
 *
 * <p>Nothing here knows of a connection: input is a buffer, output the bus's publisher. What has to be looked up in
 * the database comes through {@link io.headrace.adapters.postgres.pgoutput.Catalog}.
 */
package io.headrace.adapters.postgres.pgoutput;
