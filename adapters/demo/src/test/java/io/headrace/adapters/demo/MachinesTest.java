package io.headrace.adapters.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MachinesTest {
    @Test
    void shouldRecogniseEachReadingByItsId() {
        final Set<Long> identities = new HashSet<>();
        for (int machine = 0; machine < Machines.COUNT; machine++) {
            for (final long number : new long[] {0, 1, 2, 3, 1_000_000_007L}) {
                final long identity = Machines.readingIdentity(machine, number);
                assertEquals(identity, Machines.readingIdentity(Machines.readingId(machine, number)));
                assertEquals(number, Machines.number(identity));
                assertTrue(identities.add(identity), "identity=" + identity + " was given twice");
                final String topic = Machines.readingTopic(machine, number);
                assertTrue(topic.endsWith("/" + Machines.sensor(identity)), topic);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "press-01", "press-01/", "press-01/x", "press-1/1", "press-00/1", "press-09/1",
        "press-01/-1", "press-01/01", "oven-01/1", "press-99999999999/1"})
    void shouldNotTakeAnythingElseForAReading(final String id) {
        assertEquals(-1, Machines.readingIdentity(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fault-", "fault-x", "press-01/1", "7"})
    void shouldNotTakeAnythingElseForAFault(final String id) {
        assertEquals(-1, Machines.faultNumber(id));
    }

    @Test
    void shouldSayTheSameAgainForTheSameSeed() throws IOException {
        final ObjectMapper mapper = new ObjectMapper();
        final Set<String> values = new HashSet<>();
        for (long number = 0; number < 30; number++) {
            final long identity = Machines.readingIdentity(3, number);
            final JsonNode payload = mapper.readTree(Machines.readingPayload(7, identity, 42));
            assertEquals(mapper.readTree(Machines.readingValue(7, identity)), payload.get("value"));
            assertEquals(42, payload.get("time").asLong());
            values.add(payload.get("value").asText());
        }
        assertTrue(values.size() > 15, values.toString());
    }

    @Test
    void shouldNameItselfInAFault() throws IOException {
        final JsonNode fault = new ObjectMapper().readTree(Machines.faultPayload(12, 4, new SplittableRandom(1)));
        assertEquals(12, Machines.faultNumber(fault.get("fault").asText()));
        assertEquals("press-05", fault.get("machine").asText());
        assertTrue(Machines.faultTopic(4).endsWith("press-05"));
    }
}
