/**
 * What events cost on their way to another process, beside Aeron alone: from a remote publisher to a handler of the
 * service, and from a leader to a handler of its replica.
 */
package io.headrace.perf.link;
