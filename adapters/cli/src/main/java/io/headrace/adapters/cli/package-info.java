/**
 * No stop on an event's way: the composition root, where the command line puts bus and adapters
 * together.
 */
package io.headrace.adapters.cli;
