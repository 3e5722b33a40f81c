/**
 * A bus on a simulated disk, stepped on one thread by a seed through everything that goes wrong, and compared with a
 * model of what must come of it.
 */
package io.headrace.bus.simulation;
