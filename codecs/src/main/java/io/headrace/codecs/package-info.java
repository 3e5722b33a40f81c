/**
 * The first and the last stop on an event's way: the bytes themselves. A source encodes an event here, in place, before
 * the bus gives it a sequence; a sink reads it here, after a subscription handed it over.
 *
 * <pre>
 *  Event:  header | block (sequence, times, key hash, kind, flags) | topic | source | ids | position | key | payload
 *  payload, by kind:  RowChange | Reading | Document | TransactionMark, each with a header of its own
 * </pre>
 *
 * <p>Writers ({@link io.headrace.codecs.EventWriter} and its like) encode into memory that the caller owns and throw
 * on misuse, for that is an error in the program. Views ({@link io.headrace.codecs.EventView} and its like) read what
 * they did not write: they check every length before they trust it and answer with a
 * {@link io.headrace.codecs.DecodeError}. None of them allocates after its construction, except where a method returns
 * a {@link java.lang.String} and where a view of a wider table than before grows its index; none is thread-safe.
 *
 * <p>The layout is the SBE schema {@code sbe/headrace.xml}; the package {@code io.headrace.codecs.sbe} is generated
 * from it. All integers are little endian, all times nanoseconds since the Unix epoch.
 */
package io.headrace.codecs;
