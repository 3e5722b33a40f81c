/** No stop on an event's way: looks, before the source is started, at what would keep it from working. */
package io.headrace.adapters.postgres.preflight;
