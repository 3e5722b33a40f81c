package io.headrace.adapters.cli.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the flows of a running service are, read from its status. Immutable.
 *
 * @param serviceName of the service.
 * @param byName      the flows, by their names.
 */
public record RunningFlows(String serviceName, Map<String, Flow> byName) {
    /**
     * How one flow is. Immutable.
     *
     * @param state    as live, evicted or stopped.
     * @param health   as up or failed.
     * @param position the sequence up to which it has finished.
     */
    public record Flow(String state, String health, long position) {
    }

    /**
     * Reads what a status says of the flows.
     *
     * @param statusJson as the control endpoint answers.
     * @return the flows.
     * @throws IOException when it is no status.
     */
    public static RunningFlows parse(final String statusJson) throws IOException {
        String serviceName = "";
        final Map<String, Flow> flows = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(statusJson)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                final String field = json.currentName();
                json.nextToken();
                if ("name".equals(field)) {
                    serviceName = json.getText();
                } else if ("flows".equals(field)) {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        addFlow(json, flows);
                    }
                } else {
                    json.skipChildren();
                }
            }
        }
        return new RunningFlows(serviceName, flows);
    }

    private static void addFlow(final JsonParser json, final Map<String, Flow> flows) throws IOException {
        String name = "";
        String state = "";
        String health = "";
        long position = -1;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            final String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "name" -> name = json.getText();
                case "state" -> state = json.getText();
                case "health" -> health = json.getText();
                case "position" -> position = json.getLongValue();
                default -> json.skipChildren();
            }
        }
        flows.put(name, new Flow(state, health, position));
    }
}
