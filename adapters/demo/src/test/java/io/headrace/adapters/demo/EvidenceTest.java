package io.headrace.adapters.demo;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;

class EvidenceTest {
    private static final long SEED = 5;

    @TempDir
    private Path folder;
    private final PublishedLog published = new PublishedLog();
    private final List<String> lines = new ArrayList<>();

    @BeforeEach
    void publishReadings() {
        for (int i = 0; i < 6; i++) {
            published.add(Machines.readingIdentity(i % 2, i / 2));
            lines.add(line(i % 2, i / 2));
        }
    }

    private static String line(final int machine, final long number) {
        final long identity = Machines.readingIdentity(machine, number);
        return """
            {"sequence":1,"topic":"t","kind":"reading","messageId":"%s","payload":{"sensorId":"%s","value":%s}}"""
            .formatted(Machines.readingId(machine, number), Machines.sensor(identity),
                Machines.readingValue(SEED, identity));
    }

    private IdentityCheck readings() throws IOException {
        // In two files: one complete, one as a flow that failed leaves it.
        Files.write(folder.resolve("a-1.jsonl"), lines.subList(0, 2));
        Files.write(folder.resolve("a-2.jsonl.part"), lines.subList(2, lines.size()));
        return new Evidence(published).readings(folder, SEED).check();
    }

    private static void assertCounts(
        final IdentityCheck check, final int lost, final int duplicates, final int unexpected, final int differing) {
        assertEquals(List.of((long)lost, (long)duplicates, (long)unexpected, (long)differing),
            List.of(check.lost(), check.duplicates(), check.unexpected(), check.differing()));
    }

    @Test
    void shouldFindEveryReading() throws IOException {
        final IdentityCheck check = readings();
        assertEquals(6, check.delivered());
        assertCounts(check, 0, 0, 0, 0);
    }

    @Test
    void shouldMissADeletedLine() throws IOException {
        lines.remove(3);
        assertCounts(readings(), 1, 0, 0, 0);
    }

    @Test
    void shouldSeeARepeatedLine() throws IOException {
        lines.add(lines.get(0));
        assertCounts(readings(), 0, 1, 0, 0);
    }

    @Test
    void shouldSeeAChangedValueAndAnotherSensor() throws IOException {
        lines.set(0, lines.get(0).replaceAll("\"value\":.*", "\"value\":-1}}"));
        lines.set(3, lines.get(3).replace("/vibration", "/temperature"));
        assertCounts(readings(), 0, 0, 0, 2);
    }

    @Test
    void shouldNotTakeATornOrForeignLineForAReading() throws IOException {
        lines.set(5, lines.get(5).substring(0, 30));
        lines.add("{\"payload\":{\"value\":1}}");
        lines.add(line(7, 7));
        assertCounts(readings(), 1, 0, 3, 0);
    }

    @Test
    void shouldKnowAChangeOfTheAuditByItsNumber() throws IOException {
        final PublishedLog changes = new PublishedLog();
        for (final long identity : new long[] {1, 2, -1, 9}) {
            changes.add(identity);
        }
        Files.write(folder.resolve("audit.jsonl"), List.of(
            "{\"before\":null,\"after\":{\"id\":4,\"rev\":1},\"source\":{\"rev\":77},\"op\":\"c\"}",
            "{\"before\":{\"id\":4,\"rev\":1},\"after\":{\"id\":4,\"rev\":2},\"op\":\"u\"}",
            "{\"before\":{\"id\":4,\"rev\":1},\"after\":null,\"op\":\"d\"}",
            "{\"before\":null,\"after\":null,\"op\":\"t\"}"));
        assertCounts(new Evidence(changes).audit(folder).check(), 1, 0, 1, 0);
    }

    @Test
    void shouldMatchReactionsByFaultAndContent() throws IOException {
        final PublishedLog faults = new PublishedLog();
        faults.add(1);
        faults.add(2);
        faults.add(3);
        final Map<Long, String> sent = Map.of(
            1L, "{\"fault\":\"fault-1\",\"code\":1}",
            2L, "{\"fault\":\"fault-2\",\"code\":1}",
            3L, "{\"fault\":\"fault-3\",\"code\":1}");
        final IdentityCheck check = new Evidence(faults).replans(
            List.of(sent.get(1L), sent.get(1L), "{\"fault\":\"fault-2\",\"code\":2}", "{}"), sent).check();
        assertCounts(check, 1, 1, 1, 1);
    }
}
