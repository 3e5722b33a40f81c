package io.headrace.bus.adapter;

import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

/** What the bus gives to every adapter, and all that it gives. Safe for use by any thread of the adapter. */
public interface AdapterContext {
    /**
     * The adapter's name in the configuration, unique among the sources or the sinks of a service.
     *
     * @return the name.
     */
    String name();

    /**
     * The clock for times that leave the process: nanoseconds since the Unix epoch.
     *
     * @return the epoch clock.
     */
    EpochNanoClock epochClock();

    /**
     * The clock for durations and time-outs: monotonic nanoseconds, of no meaning outside the process.
     *
     * @return the monotonic clock.
     */
    NanoClock nanoClock();

    /**
     * Where the adapter says how it is.
     *
     * @return the health of this adapter.
     */
    Health health();

    /**
     * A counter of this adapter, made on the first call with its name. Look it up once and keep it: this call is not
     * for the hot path.
     *
     * @param counterName in lower case with hyphens and its unit, for example {@code retained-wal-bytes}.
     * @return the counter.
     */
    AtomicCounter counter(String counterName);
}
