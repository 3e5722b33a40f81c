package io.headrace.adapters.mqtt;

import io.headrace.adapters.testkit.EncodedEvent;
import io.headrace.adapters.testkit.EventFixture;
import io.headrace.codecs.EventStamp;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/** The test's thread makes messages of events, stamped as by one log and by another. */
class MessageFactoryTest {
    private static final long LOG_ID = 0x5F1C_09D2_A7B3_E846L;

    private final MessageFactory factory = new MessageFactory("{path}", LOG_ID);
    private final MessageFactory otherLog = new MessageFactory("{path}", 7);

    @Test
    void shouldTellAnEventByItsMessageIdInItsSource() {
        final EventFixture fixture = new EventFixture().source("machines").messageId("fault-7").sourcePosition(1, 2);
        assertEquals("machines:fault-7", id(factory, fixture, 3));
        assertEquals("machines:fault-7", id(otherLog, fixture, 900));
        assertNotEquals(id(factory, fixture, 3), id(factory, fixture.source("others"), 3));
    }

    @Test
    void shouldTellAnEventByItsPlaceInTheSource() {
        final EventFixture fixture = new EventFixture().source("erp").sourcePosition(0x17A5DB8, 1);
        assertEquals("erp@00000000017a5db80000000000000001", id(factory, fixture, 900));
        assertEquals("erp@00000000017a5db80000000000000001", id(otherLog, fixture, 3));
    }

    @Test
    void shouldTellAnEventWithNeitherByItsSequenceInTheLog() {
        final EventFixture fixture = new EventFixture().source("machines");
        assertEquals("5f1c09d2a7b3e846-3", id(factory, fixture, 3));
        assertNotEquals(id(factory, fixture, 3), id(otherLog, fixture, 3));
    }

    @Test
    void shouldGiveTheIdAPlaceInTheTopic() {
        final MessageFactory withId = new MessageFactory("faults/{id}", LOG_ID);
        assertEquals("faults/machines:fault-7",
            message(withId, new EventFixture().source("machines").messageId("fault-7"), 1).topic());
        assertEquals("faults/machines:612f2b23",
            message(withId, new EventFixture().source("machines").messageId("a/+#"), 1).topic());
        assertEquals("faults/5f1c09d2a7b3e846-12", message(withId, new EventFixture(), 12).topic());
    }

    private static String id(final MessageFactory factory, final EventFixture fixture, final long sequence) {
        return message(factory, fixture, sequence).id();
    }

    private static OutgoingMessage message(
        final MessageFactory factory, final EventFixture fixture, final long sequence) {
        final EncodedEvent event = fixture.document("text/plain", new byte[] {1});
        EventStamp.stamp(event.buffer(), 0, sequence, EventFixture.PUBLISH_TIME_NS);
        return factory.of(event.view());
    }
}
