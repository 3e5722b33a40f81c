package io.headrace.adapters.demo;

import io.headrace.bus.service.config.AdapterRegistry;
import io.headrace.bus.service.config.ConfigurationException;
import io.headrace.bus.service.config.ConfigurationLoader;
import io.headrace.bus.service.config.ServiceConfiguration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The demonstration's configuration file: written out and then loaded like anybody's. Owned by the thread that runs the
 * demonstration.
 */
final class DemoConfiguration {
    static final String ERP = "erp";
    static final String MACHINES = "machines";
    static final String PLANNING = "planning-inventory";
    static final String TICKET = "maintenance-ticket";
    static final String REPLAN = "replan";
    static final String FLAG = "delivery-flag";
    static final String READINGS = "readings-archive";
    static final String AUDIT = "erp-audit";
    static final List<String> FLOWS = List.of(PLANNING, TICKET, REPLAN, FLAG, READINGS, AUDIT);
    static final String MESSAGE_ID_PROPERTY = "id";
    static final String LOG = "log";
    private static final String LINK = "link";
    private static final String FILE = "headrace.yaml";

    private DemoConfiguration() {
    }

    /** Writes the file of one service into its folder, and makes the folders that it names. */
    static Path write(final DemoPlace place, final DemoServers servers, final boolean controlled)
        throws IOException {
        final PostgresServer erp = servers.erp();
        final MqttBroker broker = servers.broker();
        final Path folder = place.folder();
        Files.createDirectories(folder.resolve(READINGS));
        Files.createDirectories(folder.resolve(AUDIT));
        final Path file = folder.resolve(FILE);
        Files.writeString(file, "# Written by headrace demo. Its servers were temporary: the ports are of that run.\n"
            + "service:\n  name: " + serviceName(place) + "\n  shutdown-timeout: 30s\n"
            // Any free port: one that was chosen before could be taken while the service is dead.
            + (controlled ? "  control: {port: 0}\n" : "  control: {enabled: false}\n")
            + "bus:\n  log: {path: \"" + folder.resolve(LOG) + "\", driver-path: \"" + place.driverFolder() + "\"}\n"
            + links(place)
            + sources(erp, broker)
            + "sinks:\n" + databaseSinks(place.planning()) + replanSink(broker, place) + fileSinks(folder, erp));
        return file;
    }

    private static String serviceName(final DemoPlace place) {
        return switch (place.role()) {
            case ALONE -> "demo";
            case LEADER -> "demo-leader";
            case REPLICA -> "demo-" + place.name();
        };
    }

    private static String links(final DemoPlace place) {
        final String address = MqttBroker.HOST + ":" + place.link().port();
        final String secret = "secret: \"${file:" + place.link().secretFile() + "}\"";
        return switch (place.role()) {
            case ALONE -> "";
            case LEADER -> "  listen: {address: \"" + address + "\", " + secret + ", driver-path: \""
                + place.driverFolder().resolve(LINK) + "\"}\n";
            case REPLICA -> "  follow: {leaders: [\"" + address + "\"], " + secret + "}\n";
        };
    }

    static ServiceConfiguration load(final Path file) throws ConfigurationException {
        return ConfigurationLoader.load(file, System.getenv(), AdapterRegistry.load()).configuration();
    }

    private static String tableNames() {
        return Erp.TABLES.stream().map(table -> "public." + table.name()).collect(Collectors.joining(", "));
    }

    private static String sources(final PostgresServer erp, final MqttBroker broker) {
        return """
            sources:
              erp:
                type: postgres
                options:
                  host: %s
                  port: %d
                  database: %s
                  user: %s
                  slot-name: headrace_demo
                  publication: headrace_demo
                  publication-autocreate: tables
                  tables: [%s]
              machines:
                type: mqtt
                options:
                  broker: {host: %s, port: %d, client-id: headrace-demo}
                  message-id-property: %s
                  subscriptions:
                    - {filter: "hall-1/readings/#"}
                    - {filter: "hall-1/faults/+"}
                  rules:
                    - {filter: "hall-1/readings/+/temperature", sensor: "{3}/temperature", value-at: /value,
                       type: float, unit: "°C", time-at: /time, time-format: epoch-ns}
                    - {filter: "hall-1/readings/+/vibration", sensor: "{3}/vibration", value-at: /value,
                       type: float, unit: "mm/s", time-at: /time, time-format: epoch-ns}
                    - {filter: "hall-1/readings/+/state", sensor: "{3}/state", value-at: /value,
                       type: text, time-at: /time, time-format: epoch-ns}
            """.formatted(PostgresServer.HOST, erp.port(), erp.database(), PostgresServer.USER, tableNames(),
            MqttBroker.HOST, broker.port(), MESSAGE_ID_PROPERTY);
    }

    private static String databaseSinks(final PostgresServer planning) {
        final String rules = Erp.TABLES.stream()
            .map(table -> "        - {source: public." + table.name() + ", key: " + table.key() + "}\n")
            .collect(Collectors.joining());
        return """
              planning-inventory:
                type: jdbc
                topics: ["erp.public.*"]
                options:
                  url: %1$s
                  user: %2$s
                  transactions: source
                  order: table
                  tables:
            %3$s  maintenance-ticket:
                type: jdbc
                topics: ["machines.hall-1.faults.*"]
                options:
                  url: %1$s
                  user: %2$s
                  documents:
                    table: tickets
                    schema: maintenance
                    columns: {fault_id: message-id, raised_at: source-time, fault: body-text}
              delivery-flag:
                type: jdbc
                topics: ["machines.hall-1.faults.*"]
                options:
                  url: %1$s
                  user: %2$s
                  documents:
                    table: delivery_flags
                    schema: dispatch
                    columns: {fault_id: message-id, raised_at: source-time, fault: body-text}
                    key: [fault_id]
            """.formatted(planning.url(), PostgresServer.USER, rules);
    }

    private static String replanSink(final MqttBroker broker, final DemoPlace place) {
        return """
              replan:
                type: mqtt
                topics: ["machines.hall-1.faults.*"]
                options:
                  broker: {host: %s, port: %d, client-id: %s-replan}
                  topic: "%s/{key}"
            """.formatted(MqttBroker.HOST, broker.port(), "headrace-" + serviceName(place), place.replanTopic());
    }

    private static String fileSinks(final Path folder, final PostgresServer erp) {
        return """
              readings-archive:
                type: file
                topics: ["machines.hall-1.readings.*"]
                options:
                  directory: "%s"
                  fsync: interval
              erp-audit:
                type: file
                topics: ["erp.public.*"]
                options:
                  directory: "%s"
                  format: debezium
                  database: %s
                  fsync: interval
            """.formatted(folder.resolve(READINGS), folder.resolve(AUDIT), erp.database());
    }
}
