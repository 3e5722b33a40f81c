package io.headrace.adapters.cli;

import io.headrace.adapters.cli.control.ParkedQuery;
import io.headrace.adapters.cli.eventlog.ParkedInLog;
import io.headrace.bus.log.ParkedEvent;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The options that say which parked events are meant. Filled by picocli on the main thread. */
final class ParkSelection {
    @Option(names = {"-f", "--flow"}, paramLabel = "NAME", required = true, description = "Whose events.")
    private String flowName;

    @ArgGroup(multiplicity = "1")
    private Choice choice;

    /** One of these. */
    private static final class Choice {
        @Option(names = "--sequence", paramLabel = "N", description = "The event with this sequence.")
        private Long sequence;
        @Option(names = "--key", paramLabel = "KEY",
            description = "The events with this key, as 'headrace park ls' shows it.")
        private String key;
        @Option(names = "--all", description = "All of the flow.")
        private boolean all;
    }

    String flowName() {
        return flowName;
    }

    /** Whether an event is meant. */
    boolean matches(final ParkedEvent event) {
        return event.subscription().equals(flowName) && (choice.all ||
            choice.sequence != null && choice.sequence == event.sequence() ||
            choice.key != null && event.keyed() && choice.key.equals(ParkedInLog.keyText(event)));
    }

    /** What a service is to be asked: a key counts within its topic. */
    List<ParkedQuery> queries(final List<ParkedEvent> meant) {
        if (choice.all) {
            return List.of(ParkedQuery.all());
        }
        if (choice.sequence != null) {
            return List.of(ParkedQuery.ofSequence(choice.sequence));
        }
        final Map<String, ParkedQuery> byTopic = new LinkedHashMap<>();
        meant.forEach(event -> byTopic.put(event.topic(), ParkedQuery.ofKey(event.topic(), event.key())));
        return new ArrayList<>(byTopic.values());
    }
}
