/** From a message's place on the schedule through an MQTT broker to a handler, beside the client library alone. */
package io.headrace.perf.mqtt;
