package io.headrace.adapters.testkit;

import io.headrace.adapters.testkit.reference.SourceFault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;

/**
 * A contract is worth something only if it can fail. Every fault that the reference source can have is found by exactly
 * the tests whose clause it breaks.
 */
class SourceContractStrengthIT {
    private static final int SOURCE_TESTS = 17;

    /** The suite runs on the thread that asks for it. */
    private static final ThreadLocal<SourceFault> SOURCE_FAULT = new ThreadLocal<>();

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
            return PlantedFaults.patience(super.patience());
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

    @ParameterizedTest
    @EnumSource
    void shouldNoticeEveryFaultOfASource(final SourceFault fault) {
        SOURCE_FAULT.set(fault);
        PlantedFaults.check(FaultySource.class, SOURCE_TESTS, expectation(fault));
    }
}
