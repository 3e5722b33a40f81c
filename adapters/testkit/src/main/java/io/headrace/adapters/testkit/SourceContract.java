package io.headrace.adapters.testkit;

import io.headrace.adapters.testkit.SourceTraits.Duplicates;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.Health;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.EventKind;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The contract of a source. The author of one extends it, says how to make changes in the outside system and how to
 * disturb it, and gets a test for each clause. Every test begins with an outside system without changes, and without
 * any memory of an earlier source: see to that in a {@code @BeforeEach} method.
 *
 * <p>The tests follow numbered changes: {@link #makeChanges} makes them, {@link #numberOf} finds the number in an
 * event.
 *
 * @param <O> the options record.
 */
public abstract class SourceContract<O extends Record> extends SourceHooks<O> {
    private static final int CHANGE_COUNT = 20;
    private static final int FINISHED_COUNT = 5;
    private static final int CRASH_COUNT = 4;
    private static final int SMALL_RING = 64;
    private static final int SMALL_SLOT_BYTES = 256;
    private static final double BUSY_SHARE = 0.5;
    private static final int BUSY_REPORTS = 200;
    private static final Duration LOOK_FOR_BUSY = Duration.ofSeconds(1);

    /** For the suites of adapters. */
    protected SourceContract() {
    }

    private SourceRun newRun() {
        return newRun(options(), new BusContext().ring(1024, SMALL_SLOT_BYTES));
    }

    private SourceRun newSmallRun() {
        return newRun(options(), new BusContext().ring(SMALL_RING, SMALL_SLOT_BYTES));
    }

    private SourceRun newRun(final O options, final BusContext busContext) {
        return new SourceRun(provider(), options, busContext, patience(), this::watchThreads, null);
    }

    private List<Long> numbers(final SourceRun run) {
        return run.events().stream().map(event -> numberOf(event.view())).filter(number -> number >= 0).toList();
    }

    private void startAndAwaitUp(final SourceRun run) {
        run.source().start();
        awaitUp(run);
    }

    private void awaitUp(final SourceRun run) {
        await("the source to be up").untilAsserted(() ->
            assertEquals(Health.State.UP, run.health().state(), run.health().reason()));
    }

    private void awaitDown(final SourceRun run) {
        await("the source to be down, with a reason").untilAsserted(() -> {
            final HealthLog.Report report = run.health().last();
            assertTrue(report.state() == Health.State.DOWN || report.state() == Health.State.DEGRADED,
                report.toString());
            assertFalse(report.reason().isBlank(), "the reason of " + report.state());
        });
    }

    private void makeAndAwait(final SourceRun run, final long firstNumber, final int count) throws Exception {
        makeChanges(firstNumber, count);
        awaitNumbers(run, firstNumber, count);
    }

    private void awaitNumbers(final SourceRun run, final long firstNumber, final int count) {
        final Set<Long> expected = new TreeSet<>(
            LongStream.range(firstNumber, firstNumber + count).boxed().toList());
        await("changes " + firstNumber + " to " + (firstNumber + count - 1)).untilAsserted(() -> {
            final Set<Long> missing = new TreeSet<>(expected);
            numbers(run).forEach(missing::remove);
            assertEquals(Set.of(), missing, "changes that are missing; the source is " + run.health().last());
        });
    }

    /** Everything up to a number, in order, and twice only where that is declared. */
    private void assertNumbers(final SourceRun run, final long first, final long last, final boolean mayRepeat) {
        final List<Long> numbers = numbers(run);
        final List<Long> distinct = numbers.stream().distinct().toList();
        final List<Long> expected = LongStream.rangeClosed(first, last).boxed().toList();
        assertEquals(expected, traits().ordered() ? distinct : distinct.stream().sorted().toList(),
            "the changes in the order in which they were first published");
        if (!mayRepeat) {
            assertEquals(distinct.size(), numbers.size(), "duplicates in " + numbers);
        }
    }

    private boolean mayRepeatAfter(final Duplicates event) {
        return traits().duplicates().compareTo(event) >= 0;
    }

    @Test
    void shouldBuildWholeWithoutConnecting() throws Exception {
        if (has(Ability.OUTAGE)) {
            stopOutside();
        }
        try (SourceRun run = newRun()) {
            assertEquals(List.of(), run.threads().leftThreads(), "threads of a source that was only made");
            assertEquals(Health.State.STARTING, run.health().state());
        } finally {
            if (has(Ability.OUTAGE)) {
                startOutside();
            }
        }
    }

    @Test
    void shouldPublishValidEventsInOrder() throws Exception {
        try (SourceRun run = newRun()) {
            startAndAwaitUp(run);
            makeAndAwait(run, 0, CHANGE_COUNT);
            makeAndAwait(run, CHANGE_COUNT, CHANGE_COUNT);
            assertNumbers(run, 0, 2 * CHANGE_COUNT - 1, false);
            EventCheck.assertValid(run.events(), SourceRun.NAME);
            final List<EncodedEvent> changes = run.events().stream()
                .filter(event -> numberOf(event.view()) >= 0).toList();
            EventCheck.assertTraits(changes, traits());
            changes.forEach(event -> checkEvent(event.view(), numberOf(event.view())));
        }
    }

    @Test
    void shouldResumeAfterARestartWithoutLoss() throws Exception {
        need(Ability.RESUME);
        try (SourceRun run = newRun()) {
            startAndAwaitUp(run);
            makeAndAwait(run, 0, CHANGE_COUNT);
            assertTrue(run.bus().drain(patience()));
        }
        makeChanges(CHANGE_COUNT, CHANGE_COUNT);
        try (SourceRun run = newRun()) {
            startAndAwaitUp(run);
            awaitNumbers(run, CHANGE_COUNT, CHANGE_COUNT);
            makeAndAwait(run, 2 * CHANGE_COUNT, CHANGE_COUNT);
            final long first = numbers(run).get(0);
            assertTrue(first == CHANGE_COUNT || mayRepeatAfter(Duplicates.AFTER_RESTART),
                "it was restarted after change " + (CHANGE_COUNT - 1) + " and published again from " + first);
            assertNumbers(run, first, 3 * CHANGE_COUNT - 1, mayRepeatAfter(Duplicates.AFTER_RESTART));
        }
    }

    /**
     * On a bus with an event log, a process that was killed leaves some of what it published, up to the middle of a
     * transaction, and has confirmed nothing. All processes together publish each change once.
     */
    @Test
    void shouldResumeBehindWhatIsRecorded() throws Exception {
        if (!traits().positions()) {
            Assumptions.abort("the events have no positions; what comes again is known by its message id");
        }
        final List<EncodedEvent> recorded = new ArrayList<>();
        long next = 0;
        for (int crash = 0; crash < CRASH_COUNT; crash++) {
            try (SourceRun run = newRun(SimulatedLog.holding(recorded).holdFinishedAt(-1))) {
                startAndAwaitUp(run);
                final long firstLeft = next - unrecorded(recorded, next);
                makeChanges(next, 1);
                makeTransaction(next + 1, CHANGE_COUNT);
                next += 1 + CHANGE_COUNT;
                awaitNumbers(run, firstLeft, (int)(next - firstLeft));
                // Two crashes at the beginning of the transaction, the others further on.
                final long last = next - CHANGE_COUNT + crash / 2 * CHANGE_COUNT / CRASH_COUNT;
                recorded.addAll(upTo(run, last));
            }
        }
        try (SourceRun run = newRun(SimulatedLog.holding(recorded))) {
            startAndAwaitUp(run);
            awaitNumbers(run, next - unrecorded(recorded, next), unrecorded(recorded, next));
            makeAndAwait(run, next, 1);
            awaitTransactionEnd(run, next);
            recorded.addAll(run.published());
        }
        final List<EncodedEvent> changes = recorded.stream().filter(event -> numberOf(event.view()) >= 0).toList();
        assertEquals(LongStream.rangeClosed(0, next).boxed().toList(),
            changes.stream().map(event -> numberOf(event.view())).toList(), "the changes of all runs");
        EventCheck.assertTraits(changes, traits());
        EventCheck.assertTransactionsWhole(recorded);
    }

    private SourceRun newRun(final SimulatedLog log) {
        final BusContext busContext = new BusContext().ring(1024, SMALL_SLOT_BYTES);
        return new SourceRun(provider(), options(), busContext, patience(), this::watchThreads, log);
    }

    private int unrecorded(final List<EncodedEvent> recorded, final long count) {
        return (int)(count - recorded.stream().filter(event -> numberOf(event.view()) >= 0).count());
    }

    /** The events up to that of a change, and nothing after it: neither the rest of its transaction nor its mark. */
    private List<EncodedEvent> upTo(final SourceRun run, final long number) {
        await("change " + number + " to be published").until(() ->
            run.published().stream().anyMatch(event -> numberOf(event.view()) == number));
        final List<EncodedEvent> events = run.published();
        int size = 0;
        while (numberOf(events.get(size++).view()) != number) {
            assertTrue(size < events.size(), "change " + number + " is not among " + events);
        }
        return events.subList(0, size);
    }

    /**
     * The sink has the change, but what the log was given is noted by another thread and may lag behind; and where the
     * change is a transaction of its own, its commit mark follows it.
     */
    private void awaitTransactionEnd(final SourceRun run, final long number) {
        await("the end of the transaction of change " + number).untilAsserted(() -> {
            final List<EncodedEvent> events = run.published();
            assertTrue(events.stream().anyMatch(event -> numberOf(event.view()) == number), "change " + number);
            final EventView last = events.get(events.size() - 1).view();
            assertTrue(!last.inTransaction() || last.kind() == EventKind.TRANSACTION, "the last event is " + last);
        });
    }

    @Test
    void shouldLoseNothingUncountedToASlowBus() throws Exception {
        final int count = slowBusChangeCount();
        try (SourceRun run = newSmallRun()) {
            startAndAwaitUp(run);
            run.sink().hold();
            makeChanges(0, count);
            awaitPushBack(run);
            await("it to go on for a while").pollDelay(holdBusFor()).until(() -> true);
            assertNotEquals(Health.State.FAILED, run.health().state(), run.health().reason());
            run.sink().release();
            if (traits().lossless()) {
                awaitNumbers(run, 0, count);
                assertNumbers(run, 0, count - 1, false);
            } else {
                await("every change to be published or counted as dropped").untilAsserted(() ->
                    assertEquals(count, numbers(run).size() + sum(run, droppedCounters()), "published and dropped"));
            }
            makeAndAwait(run, count, CHANGE_COUNT);
            awaitUp(run);
        }
    }

    /** A moment without room is not enough: the lane may just be late. */
    private void awaitPushBack(final SourceRun run) {
        await("the sink to be blocked").until(() -> run.sink().blocked());
        if (!waitsByItself()) {
            await("the bus to push back").until(() -> run.backPressuredCount() > 0);
        }
        await("the ring to stay full").until(new StandstillCondition(() -> run.bus().claimedSequence()));
    }

    private static long sum(final SourceRun run, final Set<String> counterNames) {
        return run.counters().entrySet().stream()
            .filter(entry -> counterNames.contains(entry.getKey())).mapToLong(entry -> entry.getValue()).sum();
    }

    @Test
    void shouldWaitForAnOutsideSystemThatIsAwayAtTheStart() throws Exception {
        need(Ability.OUTAGE);
        stopOutside();
        try (SourceRun run = newRun()) {
            try {
                run.source().start();
                awaitDown(run);
            } finally {
                startOutside();
            }
            awaitUp(run);
            makeAndAwait(run, 0, CHANGE_COUNT);
            assertNumbers(run, 0, CHANGE_COUNT - 1, mayRepeatAfter(Duplicates.AFTER_RECONNECT));
        }
    }

    @Test
    void shouldRecoverWhenTheOutsideSystemWasAway() throws Exception {
        need(Ability.OUTAGE);
        try (SourceRun run = newRun()) {
            startAndAwaitUp(run);
            makeAndAwait(run, 0, CHANGE_COUNT);
            stopOutside();
            try {
                awaitDown(run);
            } finally {
                startOutside();
            }
            awaitUp(run);
            makeAndAwait(run, CHANGE_COUNT, CHANGE_COUNT);
            assertNumbers(run, 0, 2 * CHANGE_COUNT - 1, mayRepeatAfter(Duplicates.AFTER_RECONNECT));
        }
    }

    @Test
    void shouldGiveAgainWhatWasNotFinished() throws Exception {
        need(Ability.CONFIRMATION);
        final TreeSet<Long> finished;
        try (SourceRun run = newRun()) {
            startAndAwaitUp(run);
            run.sink().holdAfter(FINISHED_COUNT);
            makeChanges(0, CHANGE_COUNT);
            await("the sink to be blocked").until(() -> run.sink().blocked());
            await("the source to publish the rest").until(() -> waitsByItself()
                || run.bus().claimedSequence() - run.subscription().position() >= CHANGE_COUNT - FINISHED_COUNT);
            await("the source to publish no more").until(new StandstillCondition(() -> run.bus().claimedSequence()));
            finished = new TreeSet<>(numbers(run));
        }
        final long firstUnfinished = finished.isEmpty() ? 0 : finished.last() + 1;
        try (SourceRun run = newRun()) {
            run.source().start();
            awaitNumbers(run, firstUnfinished, (int)(CHANGE_COUNT - firstUnfinished));
        }
    }

    @Test
    void shouldGiveNothingAgainAfterAGracefulStop() throws Exception {
        need(Ability.CONFIRMATION);
        need(Ability.GRACEFUL_STOP);
        final long firstLeft;
        try (SourceRun run = newRun()) {
            startAndAwaitUp(run);
            run.sink().holdAfter(FINISHED_COUNT);
            makeChanges(0, CHANGE_COUNT);
            await("the sink to be blocked").until(() -> run.sink().blocked());
            run.source().quiesce();
            final long lastSequence = run.bus().claimedSequence();
            makeChanges(CHANGE_COUNT, CHANGE_COUNT);
            run.sink().release();
            await("what was published to be finished").until(() -> run.subscription().position() >= lastSequence);
            run.source().close();
            assertEquals(lastSequence, run.bus().claimedSequence(), "published after it was quiesced");
            firstLeft = new TreeSet<>(numbers(run)).last() + 1;
        }
        try (SourceRun run = newRun()) {
            startAndAwaitUp(run);
            awaitNumbers(run, firstLeft, (int)(2 * CHANGE_COUNT - firstLeft));
            assertNumbers(run, firstLeft, 2 * CHANGE_COUNT - 1, false);
        }
    }

    @Test
    void shouldCloseWhileTheBusPushesBack() throws Exception {
        try (SourceRun run = newSmallRun()) {
            startAndAwaitUp(run);
            run.sink().hold();
            makeChanges(0, slowBusChangeCount());
            awaitPushBack(run);
            final Thread closing = new Thread(run.source()::close, "contract-closing");
            closing.start();
            await("the source to be closed").until(() -> !closing.isAlive());
            awaitNoThreads(run);
        }
    }

    @Test
    void shouldLeaveNoThreadBehind() throws Exception {
        try (SourceRun run = newRun()) {
            startAndAwaitUp(run);
            makeAndAwait(run, 0, 1);
            run.source().close();
            awaitNoThreads(run);
            run.source().close();
            awaitNoThreads(run);
        }
    }

    @Test
    void shouldPublishNothingAfterItWasClosed() throws Exception {
        try (SourceRun run = newRun()) {
            startAndAwaitUp(run);
            makeAndAwait(run, 0, 1);
            run.source().close();
            assertTrue(run.bus().drain(patience()));
            final int eventCount = run.sink().eventCount();
            makeChanges(1, CHANGE_COUNT);
            awaitNoThreads(run);
            assertTrue(run.bus().drain(patience()));
            assertEquals(eventCount, run.sink().eventCount(), "events after the source was closed");
        }
    }

    private void awaitNoThreads(final SourceRun run) {
        await("the source's threads to end").untilAsserted(() ->
            assertEquals(List.of(), run.threads().leftThreads(), "threads of a closed source"));
    }

    @Test
    void shouldSurviveMalformedInput() throws Exception {
        need(Ability.MALFORMED_INPUT);
        try (SourceRun run = newRun()) {
            startAndAwaitUp(run);
            makeAndAwait(run, 0, 1);
            final long countedBefore = sum(run, malformedCounters());
            final long eventsBefore = otherEvents(run);
            sendMalformedInput();
            await("malformed input to be counted, or to become a document").until(() ->
                sum(run, malformedCounters()) > countedBefore || otherEvents(run) > eventsBefore);
            makeAndAwait(run, 1, CHANGE_COUNT);
            assertNumbers(run, 0, CHANGE_COUNT, mayRepeatAfter(Duplicates.AFTER_RECONNECT));
        }
    }

    private long otherEvents(final SourceRun run) {
        return run.events().stream().filter(event -> numberOf(event.view()) < 0).count();
    }

    @Test
    void shouldReportWrongCredentialsAndNotInsist() throws Exception {
        need(Ability.CREDENTIALS);
        try (SourceRun run = newRun(wrongCredentials(), new BusContext().ring(1024, SMALL_SLOT_BYTES))) {
            run.source().start();
            await("the source to say what is wrong").untilAsserted(() -> {
                final HealthLog.Report report = run.health().last();
                assertTrue(report.state() == Health.State.DOWN || report.state() == Health.State.FAILED,
                    report.toString());
                assertFalse(report.reason().isBlank(), "the reason of " + report.state());
            });
            final long reportsBefore = run.health().reportCount();
            final CpuWindow window = new CpuWindow(run.threads());
            await("a while").pollDelay(LOOK_FOR_BUSY).until(() -> true);
            assertTrue(window.share() < BUSY_SHARE, "the source keeps a core busy: " + window.share());
            final long reportCount = run.health().reportCount() - reportsBefore;
            assertTrue(reportCount < BUSY_REPORTS, "it made " + reportCount + " attempts in a second");
        }
    }
}
