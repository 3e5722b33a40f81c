package io.headrace.client;

/** How it stands between a publisher or a subscription and its service. */
public enum LinkState {
    /** The service has not answered yet. */
    CONNECTING,
    /** A subscription that has not come to the end of the log. */
    CATCHING_UP,
    /** A publisher whose events are taken, or a subscription that has everything. */
    LIVE,
    /** The service was there, and is not; it is looked for. */
    AWAY,
    /** The service has refused, and would again. */
    REFUSED,
    /** By the application. */
    CLOSED
}
