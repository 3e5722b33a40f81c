package io.headrace.adapters.mqtt;

/**
 * Any thread, immutable: what becomes of the messages of one MQTT topic, worked out once.
 *
 * @param eventTopic of every event made of them, in UTF-8.
 * @param mqttTopic  in UTF-8, the key of a document.
 * @param sensorId   in UTF-8, the key of a reading; null when no rule matches.
 * @param parser     of the rule that matches, or null.
 * @param unit       of every value, in UTF-8; empty when the rule has none.
 */
record TopicPlan(byte[] eventTopic, byte[] mqttTopic, byte[] sensorId, ReadingParser parser, byte[] unit) {
    /** Whether a rule matches. */
    boolean mapped() {
        return parser != null;
    }
}
