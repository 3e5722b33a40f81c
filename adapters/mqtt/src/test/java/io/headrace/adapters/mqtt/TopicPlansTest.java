package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttTopic;
import io.headrace.adapters.mqtt.MqttRuleOptions.ValueKind;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TopicPlansTest {
    private final AtomicCounter resets = new CountersManager(
        new UnsafeBuffer(ByteBuffer.allocateDirect(8192)), new UnsafeBuffer(ByteBuffer.allocateDirect(2048)))
        .newCounter("resets");

    private static String text(final byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "plant/+/machine/+ | {2}/{4}    | -                 | plant/a/machine/7 | a/7   | m.plant.a.machine.7",
        "#                 | {topic}    | {source}.{1}      | x/y               | x/y   | m.x",
        "x/#               | {1}-{3}    | -                 | x/y/z             | x-z   | m.x.y.z",
        "x/#               | {3}        | -                 | x/y               | -     | m.x.y",
        "x/+               | s          | all               | y/x               | -     | all",
        "#                 | s          | {dotted}          | $SYS/load         | -     | $SYS.load",
    })
    void shouldPlanATopicOnce(
        final String filter, final String sensor, final String eventTopic, final String topic, final String sensorId,
        final String expected) {
        final TopicPlans plans = new TopicPlans("m", Optional.ofNullable(eventTopic),
            List.of(TestOptions.textRule(filter, sensor, ValueKind.AUTO)), resets);
        final TopicPlan plan = plans.of(MqttTopic.of(topic));
        assertEquals(sensorId, text(plan.sensorId()));
        assertEquals(expected, text(plan.eventTopic()));
        assertEquals(topic, text(plan.mqttTopic()));
        assertSame(plan, plans.of(MqttTopic.of(topic)));
    }

    @Test
    void shouldTakeTheFirstRuleThatMatches() {
        final TopicPlans plans = new TopicPlans("m", Optional.empty(), List.of(
            TestOptions.textRule("a/b", "first", ValueKind.AUTO),
            TestOptions.textRule("a/#", "second", ValueKind.AUTO)), resets);
        assertEquals("first", text(plans.of(MqttTopic.of("a/b")).sensorId()));
        assertEquals("second", text(plans.of(MqttTopic.of("a/c")).sensorId()));
        assertNull(plans.of(MqttTopic.of("b")).sensorId());
    }

    @Test
    void shouldForgetTopicsWhenThereAreTooMany() {
        final TopicPlans plans = new TopicPlans("m", Optional.empty(), List.of(), resets);
        for (int i = 0; i <= TopicPlans.MAX_TOPICS; i++) {
            plans.of(MqttTopic.of("t/" + i));
        }
        assertEquals(1, resets.get());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{1}/{x}  | {x} is not known here",
        "{0}      | {0} is not known here",
        "a{1      | 'a{1' has a { without its }",
        "a}       | 'a}' has a } without its {",
    })
    void shouldRefuseAWrongTemplate(final String template, final String problem) {
        assertEquals(Optional.of(problem), Template.problem(template, Template.SENSOR_NAMES));
        assertEquals(Optional.empty(), Template.problem("{1}-{topic}", Set.of("topic", "#")));
    }

    @Test
    void shouldTellAllProblemsOfOptionsTogether() {
        final MqttBrokerOptions broker = TestOptions.broker(1883, 4);
        final MqttSourceOptions wrong = new MqttSourceOptions(
            broker, List.of(new MqttSubscriptionOptions("a/#/b", 1)),
            List.of(TestOptions.jsonRule("$share/g/a", "{machine}")), Optional.of("{sensor}"), Optional.empty(),
            MqttSourceOptions.AcknowledgeWhen.PUBLISHED, false, Duration.ofHours(1), 10);
        assertEquals(List.of("version", "filter", "filter", "sensor", "topic"),
            Problems.of(wrong).stream().map(problem -> problem.option()).toList());
        assertThrows(IllegalArgumentException.class, () -> Problems.refuse(Problems.of(wrong)));
        assertEquals(List.of("topic"), Problems.of(TestOptions.sink(TestOptions.broker(1883, 5), "a/#", 1)).stream()
            .map(problem -> problem.option()).toList());
    }

    @Test
    void shouldDoubleTheDelayUpToItsMaximum() {
        final Backoff backoff = new Backoff(100, 1_000, () -> 0.5);
        assertEquals(List.of(100L, 200L, 400L, 800L, 1_000L, 1_000L), List.of(
            backoff.nextDelayNs(0), backoff.nextDelayNs(999), backoff.nextDelayNs(0), backoff.nextDelayNs(0),
            backoff.nextDelayNs(0), backoff.nextDelayNs(0)));
        assertEquals(100, backoff.nextDelayNs(1_000), "after a connection that lasted");
        assertTrue(new Backoff(100, 1_000, () -> 0).nextDelayNs(0) == 75
            && new Backoff(100, 1_000, () -> 1).nextDelayNs(0) == 125);
    }
}
