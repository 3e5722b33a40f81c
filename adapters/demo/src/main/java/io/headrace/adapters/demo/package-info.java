/**
 * Both ends of an event's way on one machine: embedded servers, their loads and the comparison of
 * source and target.
 */
package io.headrace.adapters.demo;
