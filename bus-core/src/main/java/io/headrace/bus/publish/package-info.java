/** The second stop on an event's way: how it gets its place in the total order, and what a publisher is told. */
package io.headrace.bus.publish;
