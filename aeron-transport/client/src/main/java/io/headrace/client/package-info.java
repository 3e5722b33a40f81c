/**
 * The stop before the bus and the one behind it, in another process: an application publishes events to a service and
 * reads what the service has recorded, on the same host over IPC, or over UDP.
 *
 * <pre>
 *  application ──▶ RemotePublisher ────┐                        ┌──▶ RemoteSubscription ──▶ application
 *                                      ├── link ── service ─────┤
 *                                      │    (ring, event log)   └──▶ LiveSubscription (best effort)
 *                                 HeadraceClient: one thread, or the application's own
 * </pre>
 *
 * <p>{@link io.headrace.client.RemotePublisher}: fire and forget, or confirmed when published, recorded or replicated.
 * {@link io.headrace.client.RemoteSubscription}: topics from any place of the log, each event once and in order, over
 * restarts of either side. {@link io.headrace.client.LiveSubscription}: what is sent unrecorded, with counted gaps.
 * Events are written and read with {@link io.headrace.codecs}.
 */
package io.headrace.client;
