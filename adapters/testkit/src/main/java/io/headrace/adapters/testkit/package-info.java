/**
 * No stop on an event's way: the contract that every source and sink is held to, as a JUnit suite
 * to extend.
 */
package io.headrace.adapters.testkit;
