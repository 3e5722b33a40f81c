/**
 * Where events come from and go to other processes: the ports that a transport implements, so that remote publishers,
 * remote subscribers and replicas reach the bus. What crosses a link is in {@code codecs}, schema {@code link.xml}.
 */
package io.headrace.bus.link;
