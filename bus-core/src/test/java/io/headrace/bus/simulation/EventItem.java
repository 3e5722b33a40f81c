package io.headrace.bus.simulation;

import io.headrace.codecs.sbe.Mark;

/**
 * What a simulated source has to tell.
 *
 * @param source        whose it is.
 * @param index         its place among the items of its source.
 * @param mark          of a transaction, or null for a row.
 * @param transaction   that it belongs to; -1 for none.
 * @param topic         of the event.
 * @param key           of the event; empty for none.
 * @param fillerBytes   how much longer the payload is than it must be.
 * @param poison        whether plain sinks can never take it.
 */
record EventItem(
    String source, long index, Mark mark, long transaction, String topic, String key, int fillerBytes,
    boolean poison) {
}
