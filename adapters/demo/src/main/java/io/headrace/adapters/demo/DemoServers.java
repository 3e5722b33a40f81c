package io.headrace.adapters.demo;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * The systems at both ends: two PostgreSQL servers and a broker, in folders of their own that are removed with them.
 * Started by one thread; closed by it, or by any thread when the process must end at once.
 */
final class DemoServers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoServers.class);

    private final Path folder;
    private final CompletableFuture<PostgresServer> erp;
    private final CompletableFuture<PostgresServer> planning;
    private final CompletableFuture<List<PostgresServer>> replicaPlannings;
    private final CompletableFuture<MqttBroker> broker;

    /** Begins to start all three side by side, with a planning database for each replica, too. */
    DemoServers(final int replicaCount) throws IOException {
        folder = Files.createTempDirectory("headrace-demo-servers-");
        erp = start("erp", () -> {
            final PostgresServer server = PostgresServer.start(folder.resolve("erp"), "erp");
            server.execute(Erp.TABLES_SQL + Erp.SOURCE_SQL + Erp.FILL_SQL);
            return server;
        });
        planning = start("planning", () -> {
            final PostgresServer server = PostgresServer.start(folder.resolve("planning"), "planning");
            server.execute(Planning.schemaSql());
            return server;
        });
        replicaPlannings = planning.thenApply(server -> replicaPlannings(server, replicaCount));
        broker = start("broker", () -> MqttBroker.start(folder.resolve("broker")));
    }

    private static List<PostgresServer> replicaPlannings(final PostgresServer server, final int replicaCount) {
        final List<PostgresServer> made = new ArrayList<>();
        try {
            for (int i = 1; i <= replicaCount; i++) {
                final PostgresServer another = server.another("replica_" + i);
                another.execute(Planning.schemaSql());
                made.add(another);
            }
        } catch (final SQLException e) {
            throw new CompletionException(e);
        }
        return made;
    }

    private static <T> CompletableFuture<T> start(final String name, final Callable<T> starter) {
        final CompletableFuture<T> started = new CompletableFuture<>();
        final Thread thread = new Thread(() -> {
            try {
                started.complete(starter.call());
            } catch (final Exception e) {
                started.completeExceptionally(e);
            }
        }, "headrace-demo-start-" + name);
        thread.setDaemon(true);
        thread.start();
        return started;
    }

    /** Waits until all three have started. */
    void await() throws DemoException {
        try {
            CompletableFuture.allOf(erp, planning, replicaPlannings, broker).join();
        } catch (final CompletionException e) {
            throw new DemoException("A server did not start: " + e.getCause().getMessage(), e.getCause());
        }
    }

    PostgresServer erp() {
        return erp.join();
    }

    PostgresServer planning() {
        return planning.join();
    }

    /** {@return the planning databases of the replicas, in their order} */
    List<PostgresServer> replicaPlannings() {
        return replicaPlannings.join();
    }

    MqttBroker broker() {
        return broker.join();
    }

    /** {@return what the demonstration runs on} */
    Map<String, String> environment() throws SQLException {
        final Map<String, String> environment = new LinkedHashMap<>();
        environment.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        environment.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
            + System.getProperty("os.arch"));
        environment.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        environment.put("maxHeapBytes", Long.toString(Runtime.getRuntime().maxMemory()));
        environment.put("erp", "PostgreSQL " + erp().query("SHOW server_version") + ", embedded, fsync off");
        environment.put("planning", "PostgreSQL " + planning().query("SHOW server_version") + ", embedded, fsync off");
        environment.put("broker", "HiveMQ Community Edition " + MqttBroker.version() + ", embedded, in memory");
        if (!replicaPlannings().isEmpty()) {
            environment.put("replicas", replicaPlannings().size()
                + ", each a process with a log, files and a database of its own on the planning server");
        }
        environment.put("machines", Machines.COUNT + ", simulated");
        return environment;
    }

    /** Stops what has started and removes the folders; a second call finds nothing left to do. */
    @Override
    public void close() {
        // What stops first is what the others do not need.
        Stream.of(broker, planning, erp).map(DemoServers::stopping).toList().forEach(CompletableFuture::join);
        remove(folder);
    }

    private static CompletableFuture<Void> stopping(final CompletableFuture<? extends AutoCloseable> server) {
        return server.handleAsync((started, cause) -> {
            if (started != null) {
                try {
                    started.close();
                } catch (final Exception e) {
                    LOG.error("A server of the demonstration did not stop well", e);
                }
            }
            return null;
        });
    }

    static void remove(final Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            final List<File> left = paths.sorted(Comparator.reverseOrder()).map(Path::toFile)
                .filter(file -> !file.delete() && file.exists()).toList();
            if (!left.isEmpty()) {
                LOG.warn("{} could not be removed: {} files are left", folder, left.size());
            }
        } catch (final IOException | java.io.UncheckedIOException e) {
            LOG.warn("{} could not be removed", folder, e);
        }
    }
}
