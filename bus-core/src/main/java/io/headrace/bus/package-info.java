/**
 * The bus: a ring with its total order, and everyone who publishes to it and subscribes to it. The packages below it
 * follow an event on its way: {@code adapter} (source), {@code publish}, {@code ring}, {@code subscription},
 * {@code delivery}, {@code adapter} (sink); {@code latency} and {@code monitor} watch, {@code service} puts a
 * configured whole together.
 */
package io.headrace.bus;
