package io.headrace.adapters.mqtt;

import io.headrace.adapters.testkit.EncodedEvent;
import io.headrace.adapters.testkit.EventFixture;
import io.headrace.codecs.EventStamp;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/** The test's thread makes messages of events, stamped as by one start of a bus and by the next. */
class MessageFactoryTest {
    private static final long FIRST_START_NS = EventFixture.PUBLISH_TIME_NS;
    private static final long NEXT_START_NS = FIRST_START_NS + 60_000_000_000L;

    private final MessageFactory factory = new MessageFactory("{path}");

    @Test
    void shouldTellAnEventByItsMessageId() {
        final EventFixture fixture = new EventFixture().messageId("fault-7").sourcePosition(1, 2);
        assertEquals("fault-7", id(fixture, 3, FIRST_START_NS));
    }

    @Test
    void shouldTellAnEventByItsPlaceInTheSourceAlsoAfterARestart() {
        final EventFixture fixture = new EventFixture().source("erp").sourcePosition(0x17A5DB8, 1);
        assertEquals("erp/00000000017a5db80000000000000001", id(fixture, 900, FIRST_START_NS));
        assertEquals("erp/00000000017a5db80000000000000001", id(fixture, 3, NEXT_START_NS));
    }

    @Test
    void shouldNotTakeAnEventForOneOfTheSameSequenceBeforeARestart() {
        final EventFixture fixture = new EventFixture().source("machines");
        assertEquals(id(fixture, 3, FIRST_START_NS), id(fixture, 3, FIRST_START_NS));
        assertNotEquals(id(fixture, 3, FIRST_START_NS), id(fixture, 3, NEXT_START_NS));
    }

    private String id(final EventFixture fixture, final long sequence, final long publishTimeNs) {
        final EncodedEvent event = fixture.document("text/plain", new byte[] {1});
        EventStamp.stamp(event.buffer(), 0, sequence, publishTimeNs);
        return factory.of(event.view()).id();
    }
}
