package io.headrace.bus.publish;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The windows of message ids of all sources of one bus. Safe for use by any thread. */
public final class MessageIdWindows {
    private final int capacity;
    private final Map<String, SharedMessageIdWindow> bySource = new ConcurrentHashMap<>();

    /**
     * No source is known yet.
     *
     * @param capacity how many ids are kept of each source.
     */
    public MessageIdWindows(final int capacity) {
        this.capacity = capacity;
    }

    /**
     * Begins with what an event log holds. To be called before the source publishes.
     *
     * @param source   its name.
     * @param recorded the ids of its last recorded events; copied.
     */
    public void restore(final String source, final MessageIdWindow recorded) {
        of(source).copyFrom(recorded);
    }

    SharedMessageIdWindow of(final String source) {
        return bySource.computeIfAbsent(source, name -> new SharedMessageIdWindow(capacity));
    }
}
