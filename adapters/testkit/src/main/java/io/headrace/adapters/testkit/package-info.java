/**
 * Beside the first and the last stop on an event's way: the contracts that every source and sink must pass, as JUnit
 * suites that the author of an adapter extends, and what such tests need: valid events of every kind, sinks that
 * record or fail as told, and the contexts that the bus gives to an adapter.
 */
package io.headrace.adapters.testkit;
