package io.headrace.perf.site;

import java.util.Optional;

/**
 * Immutable: what a synthetic source publishes under one topic.
 *
 * @param topic beginning with the name of the source.
 * @param kind  of the events.
 * @param key   of all of them; empty for as many keys as the options say.
 */
record SyntheticTopic(String topic, Kind kind, Optional<String> key) {
    /** What the events are. */
    enum Kind {
        /** Changes of rows, in transactions. */
        ROW,
        /** Readings of sensors. */
        READING,
        /** Documents. */
        DOCUMENT
    }

    SyntheticTopic(final String topic, final Kind kind) {
        this(topic, kind, Optional.empty());
    }
}
