/**
 * Measures the first stop of a row change, from the write in PostgreSQL to a handler on the bus, beside the bare driver
 * and Debezium's engine.
 */
package io.headrace.perf.postgres;
