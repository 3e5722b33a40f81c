package io.headrace.adapters.testkit;

import io.headrace.adapters.testkit.reference.SinkFault;
import io.headrace.adapters.testkit.reference.SourceFault;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.SinkProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A contract is worth something only if it can fail. Every fault that the reference adapters can have is found by
 * exactly the tests whose clause it breaks.
 */
class ContractStrengthIT {
    private static final Duration SHORT_PATIENCE = Duration.ofSeconds(2);
    private static final int SOURCE_TESTS = 17;
    private static final int SINK_TESTS = 21;

    /** The suite runs on the thread that asks for it. */
    private static final ThreadLocal<SourceFault> SOURCE_FAULT = new ThreadLocal<>();
    private static final ThreadLocal<SinkFault> SINK_FAULT = new ThreadLocal<>();

    static class FaultySource extends ReferenceSourceTest {
        @Override
        SourceFault fault() {
            return SOURCE_FAULT.get();
        }

        @Override
        protected Duration holdBusFor() {
            return Duration.ofMillis(200);
        }

        @Override
        protected Duration patience() {
            return SHORT_PATIENCE;
        }
    }

    static class FaultySink extends ReferenceSinkTest {
        @Override
        SinkFault fault() {
            return SINK_FAULT.get();
        }

        @Override
        protected Duration patience() {
            return SHORT_PATIENCE;
        }
    }

    static class FaultyTransactionalSink extends FaultySink {
        @Override
        boolean transactions() {
            return true;
        }
    }

    /** A sink that can do little, and says so. */
    static class ModestSink extends FaultySink {
        @Override
        protected Map<Ability, String> unsupported() {
            return Map.of(Ability.OUTAGE, "the target is a part of this process", Ability.POISON, "it takes all");
        }
    }

    /** A sink that can do little, and hides it. */
    static class SecretiveSink extends FaultySink {
        @Override
        protected Map<Ability, String> unsupported() {
            return Map.of(Ability.POISON, " ");
        }
    }

    /**
     * What must fail, and what may fail besides as it depends on how a lane happens to cut its batches.
     */
    private record Expectation(Set<String> must, Set<String> may) {
        static Expectation exactly(final String... testNames) {
            return new Expectation(Set.of(testNames), Set.of());
        }

        Expectation maybe(final String... testNames) {
            return new Expectation(must, Set.of(testNames));
        }

        void check(final Map<String, String> failures) {
            final Set<String> surprising = new TreeSet<>(failures.keySet());
            surprising.removeAll(must);
            surprising.removeAll(may);
            final Set<String> missing = new TreeSet<>(must);
            missing.removeAll(failures.keySet());
            assertEquals(Set.of(), missing, "tests that should have failed; failures: " + failures);
            assertEquals(Set.of(), surprising, "tests that should not have failed; failures: " + failures);
        }
    }

    private static Expectation expectation(final SourceFault fault) {
        return switch (fault) {
            case NONE -> Expectation.exactly();
            case LOSES_ONE_ON_RESTART -> Expectation.exactly(
                "shouldResumeAfterARestartWithoutLoss", "shouldGiveAgainWhatWasNotFinished",
                "shouldGiveNothingAgainAfterAGracefulStop");
            case FORGETS_WHAT_IS_RECORDED, LEAVES_AN_OPEN_TRANSACTION, BEGINS_AN_OPEN_TRANSACTION_AGAIN ->
                Expectation.exactly("shouldResumeBehindWhatIsRecorded");
            case CONFIRMS_TOO_EARLY -> Expectation.exactly("shouldGiveAgainWhatWasNotFinished");
            case DUPLICATES_ON_RECONNECT -> Expectation.exactly("shouldRecoverWhenTheOutsideSystemWasAway");
            case LEAVES_A_THREAD -> Expectation.exactly(
                "shouldLeaveNoThreadBehind", "shouldCloseWhileTheBusPushesBack",
                "shouldPublishNothingAfterItWasClosed");
            case DROPS_WHEN_THE_BUS_IS_SLOW -> Expectation.exactly("shouldLoseNothingUncountedToASlowBus");
            case SWALLOWS_FAILURES -> Expectation.exactly(
                "shouldWaitForAnOutsideSystemThatIsAwayAtTheStart", "shouldRecoverWhenTheOutsideSystemWasAway",
                "shouldReportWrongCredentialsAndNotInsist");
            case INSISTS -> Expectation.exactly("shouldReportWrongCredentialsAndNotInsist");
            case CONNECTS_WHEN_MADE -> Expectation.exactly(
                "shouldBuildWholeWithoutConnecting", "shouldWaitForAnOutsideSystemThatIsAwayAtTheStart",
                "shouldReportWrongCredentialsAndNotInsist");
            case DIES_OF_MALFORMED_INPUT, SWALLOWS_MALFORMED_INPUT ->
                Expectation.exactly("shouldSurviveMalformedInput");
            case CANNOT_CLOSE_UNDER_BACK_PRESSURE -> Expectation.exactly("shouldCloseWhileTheBusPushesBack");
            case GOES_ON_WHEN_QUIESCED -> Expectation.exactly("shouldGiveNothingAgainAfterAGracefulStop");
            // Its changes of before the restart come again, which it has declared that they do not.
            case FORGETS_TO_CONFIRM_AT_THE_END -> Expectation.exactly("shouldGiveNothingAgainAfterAGracefulStop")
                .maybe("shouldResumeAfterARestartWithoutLoss");
            case NAMES_ANOTHER_SOURCE -> Expectation.exactly("shouldPublishValidEventsInOrder");
            case REPEATS_POSITIONS -> Expectation.exactly(
                "shouldPublishValidEventsInOrder", "shouldResumeBehindWhatIsRecorded");
            case SWAPS_NEIGHBOURS -> Expectation.exactly(
                "shouldPublishValidEventsInOrder", "shouldLoseNothingUncountedToASlowBus",
                "shouldWaitForAnOutsideSystemThatIsAwayAtTheStart", "shouldRecoverWhenTheOutsideSystemWasAway",
                "shouldResumeAfterARestartWithoutLoss", "shouldSurviveMalformedInput",
                "shouldGiveNothingAgainAfterAGracefulStop", "shouldResumeBehindWhatIsRecorded");
            case SEES_NOTHING_BEFOREHAND -> Expectation.exactly(
                "shouldFindAWrongSettingBeforehand", "shouldFindBeforehandThatTheOutsideSystemIsAway");
        };
    }

    private static Expectation expectation(final SinkFault fault) {
        final String[] outageTests = {
            "shouldReportATargetThatIsAwayAsRetriableAndRecoverByItself",
            "shouldHoldThePositionUntilTheTargetHasTakenTheEvents", "shouldLoseNothingWhenTheTargetFailsAndRecovers"
        };
        final String[] busTests = {
            "shouldHoldThePositionUntilTheTargetHasTakenTheEvents", "shouldLoseNothingWhenTheTargetFailsAndRecovers",
            "shouldDeliverInLanesSideBySide", "shouldDeliverEverythingAroundPoisonEvents"
        };
        return switch (fault) {
            case NONE -> Expectation.exactly();
            case SWALLOWS_FAILURES, CLAIMS_MORE_THAN_IT_DELIVERED, CALLS_AWAY_FATAL ->
                Expectation.exactly(outageTests);
            case NAMES_THE_WRONG_POISON, CALLS_POISON_RETRIABLE -> Expectation.exactly(
                "shouldNameThePoisonEventAndTakeTheRest", "shouldDeliverEverythingAroundPoisonEvents");
            case CALLS_FATAL_RETRIABLE -> Expectation.exactly("shouldReportWhatOnlyAPersonCanMendAsFatal");
            case LOSES_THE_LAST_OF_A_BATCH -> Expectation.exactly(
                "shouldDeliverABatchThatReadsBackEqual", "shouldKeepTheOrderOfEachKey", "shouldTakeTheSameBatchTwice",
                "shouldReportATargetThatIsAwayAsRetriableAndRecoverByItself", "shouldIdleHarmlessly",
                "shouldNameThePoisonEventAndTakeTheRest").maybe(busTests);
            case REVERSES_A_BATCH -> Expectation.exactly(
                "shouldKeepTheOrderOfEachKey", "shouldTakeTheSameBatchTwice", "shouldIdleHarmlessly").maybe(busTests);
            case LEAVES_A_THREAD, CANNOT_CLOSE_TWICE -> Expectation.exactly("shouldLeaveNoThreadBehind");
            case CONNECTS_WHEN_MADE -> Expectation.exactly("shouldBuildWholeWithoutConnecting");
            case IGNORES_INTERRUPTS -> Expectation.exactly("shouldEndItsWaitingWhenInterrupted");
            case THROWS_AT_AN_UNREADABLE_PAYLOAD ->
                Expectation.exactly("shouldTakeOrRefuseEveryKindOfEventAndLiveOn");
            case FORGETS_WHAT_IT_COMMITTED -> Expectation.exactly(
                "shouldTakeTheSameBatchTwice", "shouldComeToTheSameAsOnceWhenASinkIsMadeAnewAndDeliveredToAgain");
            case FORGETS_ITS_POSITION_WHEN_MADE_ANEW, LEAVES_OUT_TOO_MUCH_WHEN_MADE_ANEW -> Expectation.exactly(
                "shouldComeToTheSameAsOnceWhenASinkIsMadeAnewAndDeliveredToAgain");
            case COMMITS_EVERY_BATCH -> Expectation.exactly(
                "shouldForgetATransactionThatWasNotCommitted", "shouldShowNothingOfATransactionBeforeItsCommit");
            case FORGETS_THE_FIRST_PART ->
                Expectation.exactly("shouldCommitNoRestOfATransactionWhoseFirstPartWasLost");
            case DELIVERS_AGAIN_WHEN_IDLE -> Expectation.exactly("shouldIdleHarmlessly");
            case MIXES_UP_LANES -> Expectation.exactly("shouldDeliverInLanesSideBySide");
            case SEES_NOTHING_BEFOREHAND -> Expectation.exactly(
                "shouldFindAWrongSettingBeforehand", "shouldFindBeforehandThatTheOutsideSystemIsAway");
        };
    }

    /** What its options do is nowhere written, and no service finds it. */
    public record StrangerOptions(String target, @Option(" ") int size) {
    }

    static final class StrangerProvider implements SinkProvider<StrangerOptions> {
        @Override
        public String type() {
            return "stranger";
        }

        @Override
        public String description() {
            return "Is not registered.";
        }

        @Override
        public Class<StrangerOptions> optionsType() {
            return StrangerOptions.class;
        }

        @Override
        public SinkCapabilities capabilities(final StrangerOptions options) {
            return new SinkCapabilities(1, false);
        }

        @Override
        public Sink createSink(final StrangerOptions options, final SinkContext context) {
            return new RecordingSink();
        }
    }

    static class Stranger extends SinkContract<StrangerOptions> {
        @Override
        protected SinkProvider<StrangerOptions> provider() {
            return new StrangerProvider();
        }

        @Override
        protected StrangerOptions options() {
            return new StrangerOptions("here", 1);
        }

        @Override
        protected List<Change> arrivals() {
            return List.of();
        }

        @Override
        protected TargetKind targetKind() {
            return TargetKind.KEEPS_LATEST;
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(100);
        }
    }

    private static Events run(final Class<?> suite) {
        return EngineTestKit.engine("junit-jupiter").selectors(DiscoverySelectors.selectClass(suite))
            .execute().testEvents();
    }

    private static Map<String, String> failures(final Events events) {
        final Map<String, String> failures = new TreeMap<>();
        events.failed().stream().forEach(event -> failures.put(nameOf(event), messageOf(event)));
        return failures;
    }

    private static String messageOf(final Event event) {
        return event.getRequiredPayload(TestExecutionResult.class).getThrowable().map(Throwable::getMessage).orElse("");
    }

    private static String nameOf(final Event event) {
        return event.getTestDescriptor().getDisplayName().replace("()", "");
    }

    @ParameterizedTest
    @EnumSource
    void shouldNoticeEveryFaultOfASource(final SourceFault fault) {
        SOURCE_FAULT.set(fault);
        final Events events = run(FaultySource.class);
        assertTrue(events.started().count() >= SOURCE_TESTS, "started=" + events.started().count());
        expectation(fault).check(failures(events));
    }

    @ParameterizedTest
    @EnumSource
    void shouldNoticeEveryFaultOfASink(final SinkFault fault) {
        SINK_FAULT.set(fault);
        final boolean transactional = Set.of(SinkFault.COMMITS_EVERY_BATCH, SinkFault.FORGETS_WHAT_IT_COMMITTED,
            SinkFault.FORGETS_ITS_POSITION_WHEN_MADE_ANEW, SinkFault.LEAVES_OUT_TOO_MUCH_WHEN_MADE_ANEW,
            SinkFault.FORGETS_THE_FIRST_PART).contains(fault);
        final Events events = run(transactional ? FaultyTransactionalSink.class : FaultySink.class);
        assertTrue(events.started().count() >= SINK_TESTS, "started=" + events.started().count());
        expectation(fault).check(failures(events));
    }

    @Test
    void shouldShowWhatASinkCannotOfferAsAbortedWithTheReason() {
        SINK_FAULT.set(SinkFault.NONE);
        final Events events = run(ModestSink.class);
        assertEquals(Map.of(), failures(events));
        final Map<String, String> reasons = new TreeMap<>();
        events.aborted().stream().forEach(event -> reasons.put(nameOf(event), messageOf(event)));
        assertEquals("no POISON for type reference: it takes all",
            reasons.get("shouldNameThePoisonEventAndTakeTheRest"));
        assertEquals("no OUTAGE for type reference: the target is a part of this process",
            reasons.get("shouldLoseNothingWhenTheTargetFailsAndRecovers"));
    }

    @Test
    void shouldNoticeAProviderThatIsNeitherRegisteredNorDescribed() {
        final Map<String, String> failures = failures(run(Stranger.class));
        assertTrue(failures.get("shouldBeFoundByServiceLoader").contains("META-INF/services/" + SinkProvider.class
            .getName()), failures::toString);
        assertTrue(failures.get("shouldDescribeItselfAndItsOptions").contains("lacks @Option"), failures::toString);
    }

    /** An ability that is neither offered nor declared unsupported is a failure that says what to do. */
    @Test
    void shouldAskForEveryHook() {
        final Map<String, String> failures = failures(run(Stranger.class));
        assertEquals("override poisonEvent(), or say in unsupported() why there is no POISON",
            failures.get("shouldNameThePoisonEventAndTakeTheRest"));
        assertEquals("override fatalOptions(), or say in unsupported() why there is no FATAL",
            failures.get("shouldReportWhatOnlyAPersonCanMendAsFatal"));
        assertEquals("override wrongOptions(), or say in unsupported() why there is no PREFLIGHT",
            failures.get("shouldFindAWrongSettingBeforehand"));
    }

    @Test
    void shouldRefuseToSkipAClauseWithoutAReason() {
        SINK_FAULT.set(SinkFault.NONE);
        assertEquals(Set.of("shouldNameThePoisonEventAndTakeTheRest", "shouldDeliverEverythingAroundPoisonEvents"),
            failures(run(SecretiveSink.class)).keySet());
    }
}
