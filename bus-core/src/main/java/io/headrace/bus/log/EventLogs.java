package io.headrace.bus.log;

import java.util.ServiceLoader;

/** Finds the implementation of the event log. */
public final class EventLogs {
    private EventLogs() {
    }

    /**
     * The implementation on the class path.
     *
     * @return the provider.
     * @throws LogException when there is none.
     */
    public static EventLogProvider provider() {
        return ServiceLoader.load(EventLogProvider.class).findFirst().orElseThrow(() -> new LogException(
            LogException.Category.MISSING,
            "There is no implementation of the event log on the class path. Add headrace-aeron-transport.", null));
    }
}
