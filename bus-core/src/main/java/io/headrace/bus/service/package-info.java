/**
 * Around the whole way of an event: puts the configured sources, bus and sinks together, starts them in order, watches
 * them, and stops them without loss.
 */
package io.headrace.bus.service;
