package io.headrace.adapters.postgres;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import static org.awaitility.Awaitility.await;

/** Tests against one real server that all of them share; each finds an empty schema and no slot. */
abstract class ServerTest {
    /** Ends with the JVM. */
    static final TestServer SERVER = new TestServer();

    TestOptions options;

    @BeforeEach
    void createTable() {
        SERVER.execute("CREATE TABLE stock (id int PRIMARY KEY, item text, amount numeric)");
        options = new TestOptions(SERVER);
    }

    @AfterEach
    void dropEverything() {
        await().until(() ->
            "0".equals(SERVER.query("SELECT count(*) FROM pg_replication_slots WHERE active_pid IS NOT NULL")));
        SERVER.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public",
            "DROP PUBLICATION IF EXISTS headrace_test",
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT temporary");
    }
}
