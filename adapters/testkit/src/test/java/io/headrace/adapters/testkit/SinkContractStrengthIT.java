package io.headrace.adapters.testkit;

import io.headrace.adapters.testkit.reference.SinkFault;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.SinkProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.Events;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A contract is worth something only if it can fail. Every fault that the reference sinks can have is found by exactly
 * the tests whose clause it breaks.
 */
class SinkContractStrengthIT {
    private static final int SINK_TESTS = 21;

    /** The suite runs on the thread that asks for it. */
    private static final ThreadLocal<SinkFault> SINK_FAULT = new ThreadLocal<>();

    static class FaultySink extends ReferenceSinkTest {
        @Override
        SinkFault fault() {
            return SINK_FAULT.get();
        }

        @Override
        protected Duration patience() {
            return PlantedFaults.patience(super.patience());
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

    @ParameterizedTest
    @EnumSource
    void shouldNoticeEveryFaultOfASink(final SinkFault fault) {
        SINK_FAULT.set(fault);
        final boolean transactional = Set.of(SinkFault.COMMITS_EVERY_BATCH, SinkFault.FORGETS_WHAT_IT_COMMITTED,
            SinkFault.FORGETS_ITS_POSITION_WHEN_MADE_ANEW, SinkFault.LEAVES_OUT_TOO_MUCH_WHEN_MADE_ANEW,
            SinkFault.FORGETS_THE_FIRST_PART).contains(fault);
        PlantedFaults.check(
            transactional ? FaultyTransactionalSink.class : FaultySink.class, SINK_TESTS, expectation(fault));
    }

    @Test
    void shouldShowWhatASinkCannotOfferAsAbortedWithTheReason() {
        SINK_FAULT.set(SinkFault.NONE);
        final Events events = PlantedFaults.run(ModestSink.class);
        assertEquals(Map.of(), PlantedFaults.failures(events));
        final Map<String, String> reasons = new TreeMap<>();
        events.aborted().stream().forEach(event ->
            reasons.put(PlantedFaults.nameOf(event), PlantedFaults.messageOf(event)));
        assertEquals("no POISON for type reference: it takes all",
            reasons.get("shouldNameThePoisonEventAndTakeTheRest"));
        assertEquals("no OUTAGE for type reference: the target is a part of this process",
            reasons.get("shouldLoseNothingWhenTheTargetFailsAndRecovers"));
    }

    @Test
    void shouldNoticeAProviderThatIsNeitherRegisteredNorDescribed() {
        final Map<String, String> failures = PlantedFaults.failures(PlantedFaults.run(Stranger.class));
        assertTrue(failures.get("shouldBeFoundByServiceLoader").contains("META-INF/services/" + SinkProvider.class
            .getName()), failures::toString);
        assertTrue(failures.get("shouldDescribeItselfAndItsOptions").contains("lacks @Option"), failures::toString);
    }

    /** An ability that is neither offered nor declared unsupported is a failure that says what to do. */
    @Test
    void shouldAskForEveryHook() {
        final Map<String, String> failures = PlantedFaults.failures(PlantedFaults.run(Stranger.class));
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
            PlantedFaults.failures(PlantedFaults.run(SecretiveSink.class)).keySet());
    }
}
