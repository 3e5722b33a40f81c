package io.headrace.adapters.demo;

import org.agrona.collections.LongArrayList;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The statements of a clerk's transactions. Rows that several clerks change are locked in one order (stock by item and
 * location, then items), and every other row belongs to one clerk, so no two wait for each other. Owned by the clerk's
 * thread.
 */
final class ErpBookings {
    private static final int MAX_LINES = 3;
    private static final int SUPPLIERS = 17;
    private static final int DUE_DAYS = 30;
    private static final int MAX_EIGHTHS = 400;
    private static final int PARTS_OF_ORDER = 4;
    private static final int ONE_OF_FOUR = 4;

    private final SplittableRandom random;
    private final AtomicLong revs;
    private final AtomicLong ids;
    private final LongArrayList written;
    private final LongArrayList pickings = new LongArrayList();
    private final LongArrayList orders = new LongArrayList();
    private long newPicking;
    private long newOrder;
    private long oldPicking;
    private long oldOrder;
    private final PreparedStatement insertReceipt;
    private final PreparedStatement insertPicking;
    private final PreparedStatement deletePicking;
    private final PreparedStatement insertOrder;
    private final PreparedStatement advanceOrder;
    private final PreparedStatement deleteOrder;
    private final PreparedStatement changeStock;
    private final PreparedStatement touchItem;

    /**
     * Prepares the statements.
     *
     * @param clerk   which clerk's rows of those filled in are its own.
     * @param revs    the last number given to a written row.
     * @param ids     the last number given to a new row.
     * @param written gets the identity of each change.
     */
    ErpBookings(
        final int clerk, final Connection connection, final SplittableRandom random, final AtomicLong revs,
        final AtomicLong ids, final LongArrayList written) throws SQLException {
        this.random = random;
        this.revs = revs;
        this.ids = ids;
        this.written = written;
        for (long id = 1 + clerk; id <= Erp.PICKINGS; id += ErpLoad.CLERKS) {
            pickings.addLong(id);
        }
        for (long id = 1 + clerk; id <= Erp.WORK_ORDERS; id += ErpLoad.CLERKS) {
            orders.addLong(id);
        }
        insertReceipt = connection.prepareStatement(
            "INSERT INTO goods_receipts VALUES (?, ?, ?, ?, ?, ?, clock_timestamp(), ?, ?)");
        insertPicking = connection.prepareStatement("INSERT INTO pickings VALUES (?, ?, ?, ?, ?, ?, ?)");
        deletePicking = connection.prepareStatement("DELETE FROM pickings WHERE id = ? RETURNING rev");
        insertOrder = connection.prepareStatement(
            "INSERT INTO work_orders VALUES (?, ?, ?, 0, 'released', ?, '{cut,weld,\"final check\"}', ?)");
        advanceOrder = connection.prepareStatement(
            "UPDATE work_orders SET done = least(planned, done + planned / " + PARTS_OF_ORDER + "),"
                + " status = CASE WHEN done + planned / " + PARTS_OF_ORDER + " >= planned THEN 'finished'"
                + " ELSE 'started' END, rev = ? WHERE id = ? RETURNING status");
        deleteOrder = connection.prepareStatement("DELETE FROM work_orders WHERE id = ? RETURNING rev");
        changeStock = connection.prepareStatement(
            "UPDATE stock SET quantity = quantity + ?, reserved = greatest(0, reserved - ?),"
                + " counted_at = clock_timestamp(), rev = ? WHERE item_id = ? AND location = ?");
        touchItem = connection.prepareStatement(
            "UPDATE items SET last_receipt = clock_timestamp(), price = price * 1.0001, rev = ? WHERE id = ?");
    }

    /** Inserts one to three receipts, raises their stock, and now and then changes the first item's price. */
    void receiveGoods() throws SQLException {
        final long[] places = drawPlaces();
        for (final long place : places) {
            set(insertReceipt, ids.incrementAndGet(), item(place), location(place), quantity(),
                "supplier " + random.nextInt(SUPPLIERS), new UUID(random.nextLong(), random.nextLong()),
                random.nextBoolean() ? "checked by hand" : null, nextRev());
            insertReceipt.addBatch();
        }
        requireOneEach(insertReceipt);
        changeStock(places, 1);
        if (random.nextInt(ONE_OF_FOUR) == 0) {
            set(touchItem, nextRev(), item(places[0]));
            requireOne(touchItem);
        }
    }

    /** Inserts a picking and lowers the stock; in one of four, deletes an older picking and puts its goods back. */
    void pick() throws SQLException {
        final long[] places = drawPlaces();
        newPicking = ids.incrementAndGet();
        final Date due = Date.valueOf(LocalDate.now().plusDays(random.nextInt(DUE_DAYS)));
        set(insertPicking, newPicking, item(places[0]), location(places[0]), quantity(), "SO-" + newPicking, due,
            nextRev());
        requireOne(insertPicking);
        if (random.nextInt(ONE_OF_FOUR) == 0 && !pickings.isEmpty()) {
            oldPicking = pickings.getLong(random.nextInt(pickings.size()));
            deletePicking.setLong(1, oldPicking);
            delete(deletePicking);
        }
        changeStock(places, -1);
    }

    /** Releases a work order, moves one on and uses up parts, or removes one. */
    void moveWorkOrder() throws SQLException {
        final int kind = random.nextInt(ONE_OF_FOUR);
        if (kind == 0 || orders.isEmpty()) {
            newOrder = ids.incrementAndGet();
            final Date due = Date.valueOf(LocalDate.now().plusDays(random.nextInt(DUE_DAYS)));
            set(insertOrder, newOrder, 1L + random.nextInt(Erp.ITEMS), quantity(), due, nextRev());
            requireOne(insertOrder);
            return;
        }
        final long order = orders.getLong(random.nextInt(orders.size()));
        if (kind == 1) {
            oldOrder = order;
            deleteOrder.setLong(1, order);
            delete(deleteOrder);
        } else {
            set(advanceOrder, nextRev(), order);
            try (ResultSet row = advanceOrder.executeQuery()) {
                requireRow(row);
            }
        }
        changeStock(drawPlaces(), -1);
    }

    /** The transaction was committed: its new rows can be deleted later, and its deleted rows are gone. */
    void remember() {
        if (newPicking != 0) {
            pickings.addLong(newPicking);
        }
        if (newOrder != 0) {
            orders.addLong(newOrder);
        }
        removeFast(pickings, oldPicking);
        removeFast(orders, oldOrder);
        forget();
    }

    /** The transaction was rolled back. */
    void forget() {
        newPicking = 0;
        newOrder = 0;
        oldPicking = 0;
        oldOrder = 0;
    }

    private static void removeFast(final LongArrayList ids, final long id) {
        final int index = id == 0 ? -1 : ids.indexOf(id);
        if (index >= 0) {
            ids.fastUnorderedRemove(index);
        }
    }

    /** One to three different places of stock, in the order in which they are locked. */
    private long[] drawPlaces() {
        return random.longs(1 + random.nextInt(MAX_LINES), 0, (long)Erp.ITEMS * Erp.LOCATIONS)
            .sorted().distinct().toArray();
    }

    private static long item(final long place) {
        return 1 + place / Erp.LOCATIONS;
    }

    private static String location(final long place) {
        return "L" + (1 + place % Erp.LOCATIONS);
    }

    private BigDecimal quantity() {
        return BigDecimal.valueOf(1 + random.nextInt(MAX_EIGHTHS)).divide(BigDecimal.valueOf(8));
    }

    /** The number of the next written row, which is noted as written. */
    private long nextRev() {
        final long rev = revs.incrementAndGet();
        written.addLong(rev);
        return rev;
    }

    private void changeStock(final long[] places, final int sign) throws SQLException {
        for (final long place : places) {
            final BigDecimal quantity = quantity();
            set(changeStock, quantity.multiply(BigDecimal.valueOf(sign)), quantity, nextRev(), item(place),
                location(place));
            changeStock.addBatch();
        }
        requireOneEach(changeStock);
    }

    /** Executes a delete: its identity is the number of the row's last write, below zero. */
    private void delete(final PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            requireRow(row);
            written.addLong(-row.getLong(1));
        }
    }

    private static void set(final PreparedStatement statement, final Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private static void requireOne(final PreparedStatement statement) throws SQLException {
        final int rows = statement.executeUpdate();
        if (rows != 1) {
            throw new SQLException("rows=" + rows + " instead of 1 by " + statement);
        }
    }

    private static void requireOneEach(final PreparedStatement statement) throws SQLException {
        for (final int rows : statement.executeBatch()) {
            if (rows != 1) {
                throw new SQLException("rows=" + rows + " instead of 1 by one of a batch");
            }
        }
    }

    private static void requireRow(final ResultSet row) throws SQLException {
        if (!row.next()) {
            throw new SQLException("a row that belongs to this clerk is missing");
        }
    }
}
