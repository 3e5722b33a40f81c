/**
 * Last stop before the outside world for readable output: turns an event's codec views into JSON,
 * and JSON into payloads.
 */
package io.headrace.adapters.json;
