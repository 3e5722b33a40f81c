package io.headrace.adapters.testkit;

import io.headrace.bus.adapter.SourceProvider;
import io.headrace.codecs.EventView;

import java.time.Duration;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What the author of a source says of it and of its outside system, for the tests of {@link SourceContract}. Called on
 * the thread of JUnit.
 *
 * @param <O> the options record.
 */
public abstract class SourceHooks<O extends Record> extends AdapterContract<O, SourceProvider<O>> {
    private static final int SLOW_BUS_CHANGES = 400;
    private static final Duration HOLD_BUS_FOR = Duration.ofSeconds(1);

    SourceHooks() {
    }

    /**
     * What this source promises.
     *
     * @return its traits.
     */
    protected abstract SourceTraits traits();

    /**
     * Makes the outside system produce changes. It returns when they are made, whether or not a source is there.
     *
     * @param firstNumber of the changes.
     * @param count       how many; their numbers follow one another.
     * @throws Exception when that fails; the test fails then.
     */
    protected abstract void makeChanges(long firstNumber, int count) throws Exception;

    /**
     * Makes changes as one transaction of the outside system, where it has transactions.
     *
     * @param firstNumber of the changes.
     * @param count       how many; their numbers follow one another.
     * @throws Exception when that fails; the test fails then.
     */
    protected void makeTransaction(final long firstNumber, final int count) throws Exception {
        makeChanges(firstNumber, count);
    }

    /**
     * Finds out which change an event is.
     *
     * @param event that the source published.
     * @return the number, or -1 when it is none of {@link #makeChanges}: a mark, a document of something else.
     */
    protected abstract long numberOf(EventView event);

    /**
     * Checks what is particular to this source: topic, key, columns.
     *
     * @param event  that the source published.
     * @param number of the change.
     */
    protected void checkEvent(final EventView event, final long number) {
        assertTrue(event.topic().startsWith(SourceRun.NAME + "."), "topic=" + event.topic());
    }

    /**
     * Options with which the outside system refuses the source.
     *
     * @return the options.
     */
    protected O wrongCredentials() {
        throw missing(Ability.CREDENTIALS, "wrongCredentials");
    }

    /**
     * Makes the outside system send something that is not valid input.
     *
     * @throws Exception when that fails; the test fails then.
     */
    protected void sendMalformedInput() throws Exception {
        throw missing(Ability.MALFORMED_INPUT, "sendMalformedInput");
    }

    /**
     * The names of the source's counters that count malformed input.
     *
     * @return names without the prefix; {@code malformed-messages} unless overridden.
     */
    protected Set<String> malformedCounters() {
        return Set.of("malformed-messages");
    }

    /**
     * The names of the counters of a source that is not lossless which count what it dropped.
     *
     * @return names without the prefix; {@code dropped-events} unless overridden.
     */
    protected Set<String> droppedCounters() {
        return Set.of("dropped-events");
    }

    /**
     * How many changes fill a ring of 64 slots of 256 bytes, and whatever the source has on its way, several times.
     *
     * @return the count; 400 unless overridden.
     */
    protected int slowBusChangeCount() {
        return SLOW_BUS_CHANGES;
    }

    /**
     * How long the bus pushes back before it goes on: longer than any time after which the source might give up.
     *
     * @return a second, unless overridden.
     */
    protected Duration holdBusFor() {
        return HOLD_BUS_FOR;
    }

    /**
     * Whether the source takes nothing more from its origin while a few changes are not finished, so that it stops
     * before a ring of 64 slots is full.
     *
     * @return false unless overridden.
     */
    protected boolean waitsByItself() {
        return false;
    }

    @Override
    final Class<?> providerType() {
        return SourceProvider.class;
    }
}
