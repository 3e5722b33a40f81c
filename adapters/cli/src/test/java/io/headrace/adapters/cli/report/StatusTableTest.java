package io.headrace.adapters.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headrace.adapters.cli.TestStatus;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.service.ServiceStatus;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

class StatusTableTest {
    private final ServiceStatus before = TestStatus.of(Duration.ofSeconds(10), 1_000, Health.State.UP, "planning");
    private final ServiceStatus now = TestStatus.of(Duration.ofSeconds(12), 5_000, Health.State.UP, "planning");

    private static List<String> text(final List<StatusLine> lines) {
        return lines.stream().map(StatusLine::text).toList();
    }

    @Test
    void shouldShowRatesAndLatenciesBetweenTwoLooks() {
        assertEquals(List.of(
            "headrace plant-1  running  up 0:00:12",
            "",
            "SOURCE  TYPE         RATE    BYTES  EVENTS  WAITS  HEALTH",
            "erp     postgres  2,000/s  488 KiB   5,000      7  up",
            "",
            "FLOW         RATE  LAG  EVENTS  DROPPED  HEALTH  STAGE            P50      P99    P99.9      MAX",
            "planning  2,000/s    3   5,000        0  up      source       1.00 µs  3.00 µs  4.00 µs  5.00 µs",
            "                                                 transport    1.00 µs  3.00 µs  4.00 µs  5.00 µs",
            "                                                 consumption  1.00 µs  3.00 µs  4.00 µs  5.00 µs",
            "                                                 total        1.00 µs  3.00 µs  4.00 µs  5.00 µs",
            "  total misses its objective: p99 6.00 ms, meant to be at most 5.00 ms"),
            text(StatusTable.lines(now, StatusChange.between(before, now), 100)));
    }

    @Test
    void shouldShowARoleAndLinks() {
        assertEquals(List.of(
            "",
            "ROLE     STATE             LEADER           LAG  LISTENS AT     HEALTH",
            "replica  catching up 38 %  10.0.0.1:7730  7,440  10.0.0.2:7730  degraded",
            "  it was away",
            "",
            "LINK     KIND       FROM            STATE  POSITION  LAG  EVENTS  REFUSED",
            "plant-2  replica    10.0.0.3:40123  live      4,500   12   4,000        0",
            "meters   publisher  ipc             live          -    0      99        3"),
            StatusTable.lines(TestStatus.asReplica(now)).subList(1, 9));
    }

    /** One that was killed and started again counts from 0. */
    @Test
    void shouldShowRatesOfAServiceThatWasStartedAgainMeanwhile() {
        final ServiceStatus again = new ServiceStatus(now.name(), now.state(), Instant.EPOCH.plusSeconds(60),
            Duration.ofSeconds(1), now.claimedSequence(), now.log(), now.sources(), now.flows());
        final List<StatusLine> lines = StatusTable.lines(again, StatusChange.between(before, again), 100);
        assertTrue(text(lines).get(3).contains(" 5,000/s "), text(lines).get(3));
    }

    @Test
    void shouldShowEverythingSinceTheStart() {
        final List<String> lines = StatusTable.lines(now);
        assertTrue(lines.get(3).contains("417/s"), lines.get(3));
        assertTrue(lines.get(6).contains("2.00 ms"), lines.get(6));
    }

    @Test
    void shouldShowOnlyTotalsWhereThereIsNoRoomForEveryStage() {
        final List<String> lines = text(StatusTable.lines(now, StatusChange.between(before, now), 9));
        assertEquals(8, lines.size());
        assertTrue(lines.get(6).contains("total"), lines.get(6));
    }

    @Test
    void shouldTellWhatDoesNotFit() {
        final ServiceStatus many =
            TestStatus.of(Duration.ofSeconds(12), 1, Health.State.UP, "a", "b", "c", "d", "e", "f");
        final List<String> lines = text(StatusTable.lines(many, StatusChange.sinceStart(many), 8));
        assertEquals(8, lines.size());
        assertEquals("(11 more lines: headrace status)", lines.get(7));
    }

    @Test
    void shouldSayWhyAFlowIsNotWell() {
        final ServiceStatus ill = TestStatus.of(Duration.ofSeconds(12), 1, Health.State.DOWN, "planning");
        final List<StatusLine> lines = StatusTable.lines(ill, StatusChange.sinceStart(ill), 100);
        assertEquals(new StatusLine("  the target is away", StatusLine.Attention.ALARM), lines.get(lines.size() - 2));
        assertEquals(StatusLine.Attention.WARNING, lines.get(lines.size() - 1).attention());
    }

    @Test
    void shouldShowTheEventLogAndWhyItIsNotWell() {
        final List<String> lines = StatusTable.lines(TestStatus.withLog(now, Health.State.DOWN));
        assertEquals(List.of(
            "",
            "LOG                        RECORDED  LAG      SIZE  SEGMENTS  EPOCH  HEALTH",
            "/var/lib/headrace/plant-1     4,998    2  64.0 MiB         1      3  down",
            "  the disk is full",
            ""), lines.subList(1, 6));
        assertEquals("2026-11-21T18:00:00Z log: recorded 4,998, lag 2, size 64.0 MiB, down (the disk is full)",
            PlainReport.lines(TestStatus.withLog(now, Health.State.DOWN), StatusChange.between(before, now),
                Instant.parse("2026-11-21T18:00:00.5Z")).get(0));
    }

    @Test
    void shouldShowOnePlainLineForEachPart() {
        final List<String> lines =
            PlainReport.lines(now, StatusChange.between(before, now), Instant.parse("2026-11-21T18:00:00.5Z"));
        assertEquals(List.of(
            "2026-11-21T18:00:00Z source erp: 2,000/s, events 5,000, up",
            "2026-11-21T18:00:00Z flow planning: 2,000/s, lag 3, events 5,000, dropped 0, up; p50/p99/p99.9/max: " +
                "source 1.00 µs/3.00 µs/4.00 µs/5.00 µs, transport 1.00 µs/3.00 µs/4.00 µs/5.00 µs, " +
                "consumption 1.00 µs/3.00 µs/4.00 µs/5.00 µs, total 1.00 µs/3.00 µs/4.00 µs/5.00 µs; " +
                "total misses its objective: p99 6.00 ms, meant to be at most 5.00 ms"), lines);
    }
}
