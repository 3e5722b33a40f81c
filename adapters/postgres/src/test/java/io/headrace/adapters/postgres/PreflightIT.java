package io.headrace.adapters.postgres;

import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.adapter.PreflightFinding.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What preflight finds on a real server, and that its remedies work. */
class PreflightIT extends ServerTest {
    private List<PreflightFinding> run() {
        return new PostgresSourceProvider().preflight(options.build());
    }

    private static PreflightFinding find(final List<PreflightFinding> findings, final String check) {
        return findings.stream().filter(finding -> finding.check().equals(check)).findFirst().orElseThrow();
    }

    private static String bad(final List<PreflightFinding> findings) {
        return findings.stream().filter(finding -> finding.status() == Status.FAILED)
            .map(PreflightFinding::check).collect(Collectors.joining(", "));
    }

    @AfterEach
    void dropRole() {
        SERVER.execute("DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'weak') THEN " +
            "DROP OWNED BY weak; DROP ROLE weak; END IF; END $$");
    }

    @Test
    void shouldFindNothingWrongWithAServerThatIsSetUp() {
        SERVER.execute("CREATE PUBLICATION headrace_test FOR TABLE stock");
        final List<PreflightFinding> findings = run();
        assertEquals("", bad(findings), findings.toString());
        assertEquals(
            List.of("connection", "server version", "wal_level", "max_replication_slots", "max_wal_senders",
                "replication right", "slot", "wal_sender_timeout", "max_slot_wal_keep_size", "synchronous_commit",
                "encryption", "replication connection", "publication", "publication operations", "select right",
                "replica identity"),
            findings.stream().map(PreflightFinding::check).toList());
        assertEquals(Status.WARNING, find(findings, "max_slot_wal_keep_size").status());
    }

    @Test
    void shouldGiveStatementsThatMendWhatIsMissing() {
        SERVER.execute("CREATE ROLE weak LOGIN PASSWORD 'weak'", "CREATE TABLE loose (id int)",
            "CREATE PUBLICATION headrace_test FOR TABLE loose WITH (publish = 'insert')",
            "REVOKE ALL ON SCHEMA public FROM public");
        options.user = "weak";
        options.publicationAutocreate = PublicationAutocreate.OFF;
        options.tables = List.of("public.*");
        List<PreflightFinding> findings = run();
        assertEquals("replication right, replication connection, publication, select right", bad(findings));
        assertEquals(Status.WARNING, find(findings, "replica identity").status());
        for (int round = 1; round <= 2; round++) {
            // The first round adds the table to the publication, the second grants the right to read it.
            for (final String check : List.of(
                "replication right", "publication", "publication operations", "select right")) {
                final String remedy = find(findings, check).remedy();
                if (!remedy.isEmpty()) {
                    SERVER.execute(remedy);
                }
            }
            SERVER.execute("ALTER TABLE loose REPLICA IDENTITY FULL");
            findings = run();
        }
        assertEquals("", bad(findings), findings.toString());
        assertEquals(Status.OK, find(findings, "replica identity").status());
        assertEquals(Status.OK, find(findings, "publication operations").status());
    }

    @Test
    void shouldSayThatTheSlotIsInUse() {
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            final PreflightFinding finding = find(run(), "slot");
            assertEquals(Status.FAILED, finding.status());
            assertTrue(finding.remedy().contains("pg_terminate_backend"), finding.remedy());
            assertEquals(0, bus.counter("reconnects"));
        }
        assertEquals(Status.OK, find(run(), "slot").status());
    }

    @Test
    void shouldSayThatASlotBelongsToAnotherPlugin() {
        SERVER.execute("SELECT pg_create_logical_replication_slot('headrace_test', 'test_decoding')");
        final PreflightFinding finding = find(run(), "slot");
        assertEquals(Status.FAILED, finding.status());
        SERVER.execute(finding.remedy().substring(0, finding.remedy().indexOf(';')));
        assertEquals(Status.OK, find(run(), "slot").status());
    }

    @Test
    void shouldWarnOfSettingsThatDelayOrEndTheStream() {
        SERVER.execute("ALTER DATABASE postgres SET wal_sender_timeout = 0",
            "ALTER DATABASE postgres SET synchronous_commit = off");
        try {
            final List<PreflightFinding> findings = run();
            assertEquals(Status.WARNING, find(findings, "synchronous_commit").status());
            assertEquals(Status.WARNING, find(findings, "wal_sender_timeout").status());
        } finally {
            SERVER.execute("ALTER DATABASE postgres RESET wal_sender_timeout",
                "ALTER DATABASE postgres RESET synchronous_commit");
        }
    }

    @Test
    void shouldSayWhatToDoAboutAServerThatCannotBeReached() {
        options.port = 1;
        assertEquals("connection", bad(run()));
        options.port = SERVER.port();
        options.user = "nobody_here";
        final PreflightFinding finding = find(run(), "connection");
        assertEquals(Status.FAILED, finding.status());
        assertTrue(finding.remedy().contains("pg_hba.conf"), finding.remedy());
    }
}
