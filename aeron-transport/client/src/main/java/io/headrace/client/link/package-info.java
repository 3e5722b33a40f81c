/**
 * Between two processes: what an event passes between the publisher of one and the bus of the other, and between the
 * bus and a subscriber or a replica.
 *
 * <pre>
 *  LinkConnection ──hello──▶ service      one publication towards it, one subscription for its answers
 *        ▲  │ ◀──challenge──               proof only where both have a secret
 *        │  │ ──proof──▶
 *        │  │ ◀──welcome──                 from here on requests, events, states; alive at least four times a second
 *        │  ▼
 *  LinkTransport: LinkDriver (a media driver of our own, UDP and IPC) or JoinedDriver (the service's, IPC)
 * </pre>
 *
 * <p>For those who build on it: the client library, and the transport that connects a replica with its leader. An
 * application uses {@link io.headrace.client}.
 */
package io.headrace.client.link;
