/**
 * Last stop of any event: appends it to a file as a JSON line.
 */
package io.headrace.adapters.file;
