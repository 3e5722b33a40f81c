/**
 * First stop of a row change: reads PostgreSQL's logical replication stream and publishes it to the
 * bus.
 */
package io.headrace.adapters.postgres;
