package io.headrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.aeron.ExclusivePublication;
import io.headrace.client.link.LinkProtocol;
import io.headrace.codecs.sbe.link.LiveEventEncoder;
import io.headrace.codecs.sbe.link.MessageHeaderEncoder;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** The live stream of a scripted service, whose media driver is shared; the test's thread polls. */
class LiveSubscriptionTest {
    private static final String CHANNEL = "aeron:ipc?term-length=64k";

    @TempDir
    private Path folder;
    private ScriptedService service;
    private HeadraceClient client;
    private LiveSubscription live;
    private Turns turns;
    private ExclusivePublication publication;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();

    @BeforeEach
    void start() throws IOException {
        service = new ScriptedService(folder.resolve("service"));
        publication = service.driver().aeron().addExclusivePublication(CHANNEL, LinkProtocol.LIVE_STREAM_ID);
        turns = new Turns(service::doWork, () -> client.doWork(), () -> live.poll(event -> { }, 10));
        client = HeadraceClient.connect(new ClientContext()
            .name("test").ipc(service.folder()).invoked(true).clock(turns).errorHandler(error -> { }));
        live = client.live(CHANNEL);
        turns.until(() -> live.isConnected());
    }

    @AfterEach
    void stop() {
        client.close();
        service.close();
    }

    private void say(final long number) {
        final byte[] event = TestEvents.event("meter-7", "", 10);
        final int bodyBytes = new LiveEventEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .number(number).sequence(1).putEventBytes(event, 0, event.length).encodedLength();
        turns.until(() -> publication.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyBytes) > 0);
    }

    @Test
    void shouldCountTheNumbersThatAreMissing() {
        say(4);
        say(5);
        say(9);
        turns.until(() -> live.eventCount() == 3);

        assertEquals(3, live.missedCount());
        assertEquals(0, live.malformedCount());
    }

    @Test
    void shouldLeaveOutNumbersThatNoStreamHas() {
        say(Long.MAX_VALUE);
        say(-1);
        say(4);
        turns.until(() -> live.eventCount() == 1);

        assertEquals(2, live.malformedCount());
        assertEquals(0, live.missedCount());
    }
}
