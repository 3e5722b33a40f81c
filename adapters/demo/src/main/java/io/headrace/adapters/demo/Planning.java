package io.headrace.adapters.demo;

/**
 * The target's schema: the copies of the ERP's tables, the tickets of the maintenance and the flags of the dispatch.
 * What is here to measure only: triggers that write each change of a copy into a ledger, and count how often a flag was
 * written, so that a change that arrives twice is seen although writing it again changes nothing. Constants only: for
 * any thread.
 */
final class Planning {
    static final String LEDGER_SQL = """
        CREATE SCHEMA measure;
        CREATE UNLOGGED TABLE measure.ledger (identity bigint NOT NULL);
        CREATE FUNCTION measure.note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                INSERT INTO measure.ledger VALUES (-OLD.rev);
            ELSE
                INSERT INTO measure.ledger VALUES (NEW.rev);
            END IF;
            RETURN NULL;
        END $$;
        """;

    static final String REACTIONS_SQL = """
        CREATE SCHEMA maintenance;
        CREATE TABLE maintenance.tickets (
            ticket bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, fault_id text NOT NULL,
            raised_at timestamptz NOT NULL, fault json NOT NULL,
            machine text GENERATED ALWAYS AS (fault ->> 'machine') STORED);
        CREATE SCHEMA dispatch;
        CREATE TABLE dispatch.delivery_flags (
            fault_id text PRIMARY KEY, raised_at timestamptz NOT NULL, fault json NOT NULL,
            machine text GENERATED ALWAYS AS (fault ->> 'machine') STORED, written integer NOT NULL DEFAULT 1);
        CREATE FUNCTION measure.count_writes() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.written := OLD.written + 1;
            RETURN NEW;
        END $$;
        CREATE TRIGGER count_writes BEFORE UPDATE ON dispatch.delivery_flags
            FOR EACH ROW EXECUTE FUNCTION measure.count_writes();
        CREATE TABLE headrace_positions (
            sink text NOT NULL, part text NOT NULL, position text, PRIMARY KEY (sink, part));
        """;

    private Planning() {
    }

    static String schemaSql() {
        final StringBuilder sql = new StringBuilder(Erp.TABLES_SQL).append(LEDGER_SQL);
        for (final Erp.Table table : Erp.TABLES) {
            sql.append("CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON ").append(table.name())
                .append(" FOR EACH ROW EXECUTE FUNCTION measure.note();\n");
        }
        return sql.append(REACTIONS_SQL).toString();
    }
}
