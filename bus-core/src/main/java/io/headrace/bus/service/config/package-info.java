/**
 * Before an event's way begins: the configuration file is read, checked as a whole and bound to records, and the
 * options of the service and of every adapter are described for people and for editors.
 */
package io.headrace.bus.service.config;
