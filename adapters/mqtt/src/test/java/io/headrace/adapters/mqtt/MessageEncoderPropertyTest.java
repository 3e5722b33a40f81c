package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.headrace.adapters.mqtt.MqttRuleOptions.TimeFormat;
import io.headrace.adapters.mqtt.MqttRuleOptions.ValueKind;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.DocumentView;
import io.headrace.codecs.EventView;
import io.headrace.codecs.ReadingView;
import io.headrace.codecs.sbe.EventKind;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever comes becomes a valid event, and what is no reading keeps its bytes. */
class MessageEncoderPropertyTest {
    private static final List<MqttRuleOptions> RULES = List.of(
        TestOptions.jsonRule("json", "s"),
        TestOptions.timedRule("timed", "s", TimeFormat.EPOCH_S),
        TestOptions.timedRule("iso", "s", TimeFormat.ISO_8601),
        TestOptions.textRule("text", "s", ValueKind.AUTO),
        TestOptions.textRule("float", "s", ValueKind.FLOAT));

    private final AtomicCounter resets = new CountersManager(
        new UnsafeBuffer(ByteBuffer.allocateDirect(8192)), new UnsafeBuffer(ByteBuffer.allocateDirect(2048)))
        .newCounter("resets");
    private final MessageEncoder encoder = new MessageEncoder(
        "m", new TopicPlans("m", Optional.empty(), RULES, resets));

    @Provide
    Arbitrary<byte[]> payloads() {
        final Arbitrary<byte[]> garbage = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        final Arbitrary<byte[]> nearlyJson = Arbitraries.of(
            "{", "}", "[", "]", "\"value\"", "\"ts\"", "\"unit\"", "\"quality\"", ":", ",", "1", "-1e400",
            "1e-999999999", "null", "true", "\"x\"",
            "\"\\ud800\"", "9999999999999999999", " ", "\\u00").list().ofMaxSize(14)
            .map(parts -> String.join("", parts).getBytes(StandardCharsets.UTF_8));
        return Arbitraries.oneOf(garbage, nearlyJson);
    }

    @Property(tries = 4000)
    void shouldMakeAnEventOfAnything(
        @ForAll("payloads") final byte[] payload, @ForAll("topics") final String topic) {
        final Mqtt5Publish publish = Mqtt5Publish.builder().topic(topic).payload(payload).qos(MqttQos.AT_LEAST_ONCE)
            .build();
        final int length = encoder.prepare(new IncomingMessage(null).wrap(publish, 5));
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length + 16]);
        assertEquals(length, encoder.encode(buffer, 8, length), "the length that was claimed");
        final EventView event = new EventView();
        assertEquals(DecodeError.NONE, event.wrap(buffer, 8, length));
        assertEquals("m." + topic, event.topic());
        if (event.kind() == EventKind.READING) {
            assertEquals(DecodeError.NONE,
                new ReadingView().wrap(buffer, event.payloadOffset(), event.payloadLength()));
        } else {
            final DocumentView document = new DocumentView();
            assertEquals(DecodeError.NONE, document.wrap(buffer, event.payloadOffset(), event.payloadLength()));
            final byte[] body = new byte[document.bodyLength()];
            document.buffer().getBytes(document.bodyOffset(), body);
            assertArrayEquals(payload, body);
        }
        final byte[] whole = buffer.byteArray();
        assertTrue(Arrays.equals(new byte[8], Arrays.copyOf(whole, 8))
            && Arrays.equals(new byte[8], Arrays.copyOfRange(whole, length + 8, length + 16)), "bytes outside");
    }

    @Provide
    Arbitrary<String> topics() {
        return Arbitraries.of("json", "timed", "iso", "text", "float", "other");
    }
}
