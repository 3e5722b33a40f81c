/**
 * First or last stop of an MQTT message: subscribes to a broker and publishes to the bus, or the
 * other way round.
 */
package io.headrace.adapters.mqtt;
