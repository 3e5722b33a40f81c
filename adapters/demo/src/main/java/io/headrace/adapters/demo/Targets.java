package io.headrace.adapters.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;

/**
 * Where the flows lead to: tells how much has arrived, and what. It asks the targets themselves and never the service,
 * which may have been killed meanwhile. Owned by the thread that runs the demonstration.
 */
final class Targets {
    private static final int PIECE_BYTES = 64 * 1024;

    private final PostgresServer planning;
    private final DemoLoads loads;
    private final ReplanListener replans;
    private final Path folder;
    private final long seed;

    /** The targets of one service. */
    Targets(
        final PostgresServer planning, final DemoLoads loads, final ReplanListener replans, final Path folder,
        final long seed) {
        this.planning = planning;
        this.loads = loads;
        this.replans = replans;
        this.folder = folder;
        this.seed = seed;
    }

    /** Goes through what a flow has left in its target. */
    Evidence evidence(final String flow) throws SQLException, IOException {
        return switch (flow) {
            case DemoConfiguration.PLANNING -> new Evidence(loads.changes()).ledger(planning);
            case DemoConfiguration.TICKET ->
                new Evidence(loads.faults()).tickets(planning, loads.faultPayloads());
            case DemoConfiguration.REPLAN ->
                new Evidence(loads.faults()).replans(replans.received(), loads.faultPayloads());
            case DemoConfiguration.FLAG ->
                new Evidence(loads.faults()).flags(planning, loads.faultPayloads());
            case DemoConfiguration.READINGS -> new Evidence(loads.readings()).readings(folder.resolve(flow), seed);
            case DemoConfiguration.AUDIT -> new Evidence(loads.changes()).audit(folder.resolve(flow));
            default -> throw new IllegalArgumentException("flow=" + flow);
        };
    }

    /** {@return how often a flow's target was given something again that it could tell and drop} */
    long redelivered(final String flow) {
        return flow.equals(DemoConfiguration.REPLAN) ? replans.redelivered() : 0;
    }

    /** {@return how much should be in a flow's target now} */
    long published(final String flow) {
        return switch (flow) {
            case DemoConfiguration.PLANNING, DemoConfiguration.AUDIT -> loads.changes().count();
            case DemoConfiguration.READINGS -> loads.readings().count();
            default -> loads.faults().count();
        };
    }

    /** {@return how much is in a flow's target, which a duplicate may make more than it should be} */
    long count(final String flow) throws SQLException, IOException {
        return switch (flow) {
            case DemoConfiguration.PLANNING -> rowCount("measure.ledger");
            case DemoConfiguration.TICKET -> rowCount("maintenance.tickets");
            case DemoConfiguration.REPLAN -> replans.count();
            case DemoConfiguration.FLAG -> rowCount("dispatch.delivery_flags");
            default -> lineCount(folder.resolve(flow));
        };
    }

    /** {@return how much is in all targets together} */
    long arrivedCount() throws SQLException, IOException {
        long count = 0;
        for (final String flow : DemoConfiguration.FLOWS) {
            count += count(flow);
        }
        return count;
    }

    private long rowCount(final String table) throws SQLException {
        return Long.parseLong(planning.query("SELECT count(*) FROM " + table));
    }

    private static long lineCount(final Path directory) throws IOException {
        long count = 0;
        final byte[] piece = new byte[PIECE_BYTES];
        for (final Path file : Evidence.outputFiles(directory)) {
            try (InputStream bytes = Files.newInputStream(file)) {
                for (int length = bytes.read(piece); length >= 0; length = bytes.read(piece)) {
                    for (int i = 0; i < length; i++) {
                        count += piece[i] == '\n' ? 1 : 0;
                    }
                }
            } catch (final NoSuchFileException completedMeanwhile) {
                // Its lines are under its final name with the next look.
                continue;
            }
        }
        return count;
    }

    /** {@return whether nothing is missing any more, but in the targets of flows that get no more} */
    boolean complete(final Set<String> failedFlows) throws SQLException, IOException {
        try {
            for (final String flow : DemoConfiguration.FLOWS) {
                if (!failedFlows.contains(flow) && count(flow) < published(flow)) {
                    return false;
                }
            }
            // Only now one by one, which takes its time.
            for (final String flow : DemoConfiguration.FLOWS) {
                if (!failedFlows.contains(flow) && evidence(flow).check().lost() > 0) {
                    return false;
                }
            }
            return true;
        } catch (final NoSuchFileException completedMeanwhile) {
            return false;
        }
    }
}
