/**
 * The whole way of a site's own configuration under load: synthetic sources in the place of its own, its bus and its
 * flows, and a ladder of rates that ends where each flow gives way.
 */
package io.headrace.perf.site;
