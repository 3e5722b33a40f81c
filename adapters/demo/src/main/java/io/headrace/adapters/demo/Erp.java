package io.headrace.adapters.demo;

import java.util.List;

/**
 * The tables of the ERP. Every table has a column {@code rev}: a number that is given to one single write of one row,
 * and so is the identity of that change wherever it arrives. Constants only: for any thread.
 */
final class Erp {
    static final int ITEMS = 500;
    static final int LOCATIONS = 4;
    static final int GOODS_RECEIPTS = 500;
    static final int PICKINGS = 600;
    static final int WORK_ORDERS = 400;
    /** Rows that are there before the service starts; their numbers go from 1 to this. */
    static final int INITIAL_ROWS = ITEMS + ITEMS * LOCATIONS + GOODS_RECEIPTS + PICKINGS + WORK_ORDERS;

    /** A table with its key; of more than one column, the text ones sort by their bytes. */
    record Table(String name, List<String> key) {
        /** The key for an ORDER BY that both servers understand in the same way. */
        String orderBy() {
            return String.join(", ", key.stream()
                .map(column -> column.equals("location") ? column + " COLLATE \"C\"" : column).toList());
        }
    }

    static final List<Table> TABLES = List.of(
        new Table("items", List.of("id")),
        new Table("stock", List.of("item_id", "location")),
        new Table("goods_receipts", List.of("id")),
        new Table("pickings", List.of("id")),
        new Table("work_orders", List.of("id")));

    /** The same in the ERP and in the planning database, but for the ERP's foreign keys. */
    static final String TABLES_SQL = """
        CREATE TABLE items (
            id bigint PRIMARY KEY, number text NOT NULL, name varchar(80) NOT NULL, unit text NOT NULL,
            price numeric(12,4) NOT NULL, attributes jsonb, active boolean NOT NULL, last_receipt timestamptz,
            rev bigint NOT NULL);
        CREATE TABLE stock (
            item_id bigint NOT NULL, location text NOT NULL, quantity numeric(14,3) NOT NULL,
            reserved numeric(14,3) NOT NULL, counted_at timestamptz NOT NULL, rev bigint NOT NULL,
            PRIMARY KEY (item_id, location));
        CREATE TABLE goods_receipts (
            id bigint PRIMARY KEY, item_id bigint NOT NULL, location text NOT NULL, quantity numeric(14,3) NOT NULL,
            supplier text NOT NULL, delivery_note uuid NOT NULL, received_at timestamptz NOT NULL, remark text,
            rev bigint NOT NULL);
        CREATE TABLE pickings (
            id bigint PRIMARY KEY, item_id bigint NOT NULL, location text NOT NULL, quantity numeric(14,3) NOT NULL,
            order_number text NOT NULL, due date NOT NULL, rev bigint NOT NULL);
        CREATE TABLE work_orders (
            id bigint PRIMARY KEY, item_id bigint NOT NULL, planned numeric(14,3) NOT NULL,
            done numeric(14,3) NOT NULL, status text NOT NULL, due date NOT NULL, steps text[] NOT NULL,
            rev bigint NOT NULL);
        """;

    /** A deleted row is told with all its columns, so that an audit knows what it was. */
    static final String SOURCE_SQL = """
        ALTER TABLE stock ADD FOREIGN KEY (item_id) REFERENCES items;
        ALTER TABLE goods_receipts ADD FOREIGN KEY (item_id, location) REFERENCES stock;
        ALTER TABLE pickings ADD FOREIGN KEY (item_id, location) REFERENCES stock;
        ALTER TABLE work_orders ADD FOREIGN KEY (item_id) REFERENCES items;
        ALTER TABLE items REPLICA IDENTITY FULL;
        ALTER TABLE stock REPLICA IDENTITY FULL;
        ALTER TABLE goods_receipts REPLICA IDENTITY FULL;
        ALTER TABLE pickings REPLICA IDENTITY FULL;
        ALTER TABLE work_orders REPLICA IDENTITY FULL;
        """;

    static final String FILL_SQL = """
        INSERT INTO items SELECT g, 'IT-' || lpad(g::text, 5, '0'), 'item ' || g || ' äöü €',
            (ARRAY['pcs', 'kg', 'm'])[1 + g %% 3], (g * 37 %% 9973) / 16.0,
            jsonb_build_object('lead_days', g %% 21, 'class', chr(65 + g %% 3)), g %% 50 <> 0, NULL, g
            FROM generate_series(1, %1$d) g;
        INSERT INTO stock SELECT 1 + (g - 1) / %2$d, 'L' || 1 + (g - 1) %% %2$d, 1000000 + g / 8.0, 0, now(), %1$d + g
            FROM generate_series(1, %1$d * %2$d) g;
        INSERT INTO goods_receipts SELECT g, 1 + g %% %1$d, 'L' || 1 + g %% %2$d, 1 + g %% 40, 'supplier ' || g %% 17,
            md5(g::text)::uuid, now() - g * interval '1 minute', CASE WHEN g %% 5 = 0 THEN 'damaged box' END,
            %1$d * (1 + %2$d) + g
            FROM generate_series(1, %3$d) g;
        INSERT INTO pickings SELECT g, 1 + g %% %1$d, 'L' || 1 + g %% %2$d, 1 + g %% 9, 'SO-' || 10000 + g,
            current_date + g %% 14, %1$d * (1 + %2$d) + %3$d + g
            FROM generate_series(1, %4$d) g;
        INSERT INTO work_orders SELECT g, 1 + g %% %1$d, 10 + g %% 90, 0, 'released', current_date + g %% 30,
            ARRAY['cut', 'drill "6"', 'paint'], %1$d * (1 + %2$d) + %3$d + %4$d + g
            FROM generate_series(1, %5$d) g;
        """.formatted(ITEMS, LOCATIONS, GOODS_RECEIPTS, PICKINGS, WORK_ORDERS);

    private Erp() {
    }
}
