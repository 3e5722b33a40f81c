package io.headrace.adapters.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.headrace.adapters.cli.TestStatus;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogStatus;
import io.headrace.bus.service.ServiceStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

class StatusReaderTest {
    @Test
    void shouldReadWhatWasWritten() throws Exception {
        final ServiceStatus status = TestStatus.of(Duration.ofMillis(12_345), 100, Health.State.DOWN, "a", "b");
        assertEquals(status, StatusReader.read(JsonText.pretty(json -> StatusJson.write(status, json))));
    }

    @Test
    void shouldReadHowTheLogIs() throws Exception {
        final ServiceStatus plain = TestStatus.of(Duration.ofSeconds(1), 100, Health.State.UP, "a");
        final LogStatus log = new LogStatus(
            new LogDescription(Path.of("log"), 0, 3, 64, 128, -1, 0, 0, 0, 2, 0), Health.State.DOWN, "disk full",
            99, 7);
        final ServiceStatus status = new ServiceStatus(plain.name(), plain.state(), plain.startedAt(),
            plain.uptime(), plain.claimedSequence(), Optional.of(log), plain.sources(), plain.flows());
        assertEquals(status, StatusReader.read(JsonText.line(json -> StatusJson.write(status, json))));
    }

    @Test
    void shouldReadHowItStandsToOtherProcesses() throws Exception {
        final ServiceStatus status =
            TestStatus.asReplica(TestStatus.of(Duration.ofSeconds(1), 100, Health.State.UP, "a"));
        assertEquals(status, StatusReader.read(JsonText.line(json -> StatusJson.write(status, json))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "7", "{\"name\":\"x\",\"state\":\"flying\"}", "<html>"})
    void shouldRefuseWhatIsNoStatus(final String text) {
        assertThrows(IOException.class, () -> StatusReader.read(text));
    }
}
