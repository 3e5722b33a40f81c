package io.headrace.adapters.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.Headers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class HostPolicyTest {
    private static boolean isAnswered(final String configuredHost, final String... hosts) {
        final Headers headers = new Headers();
        if (hosts.length > 0) {
            headers.put("Host", List.of(hosts));
        }
        try {
            new HostPolicy(configuredHost).check(headers);
            return true;
        } catch (final RequestException e) {
            assertEquals(403, e.status());
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "plant-1.example, plant-1.example:7475, true",
        "plant-1.example, plant-2.example:7475, false",
        "fe80::1, [fe80::1]:7475, true",
        "0.0.0.0, 192.168.1.5:7475, true",
        "0.0.0.0, evil.example, false",
        "0.0.0.0, 1.2.3.4.evil.example, false",
        "::, [2001:db8::5]:7475, true",
        "127.0.0.1, 192.168.1.5, false"})
    void shouldKnowTheConfiguredHostAndAddresses(
        final String configuredHost, final String host, final boolean expected) {
        assertEquals(expected, isAnswered(configuredHost, host));
    }

    @ParameterizedTest
    @CsvSource("127.0.0.1")
    void shouldRefuseNoHostAndTwoHosts(final String configuredHost) {
        assertEquals(false, isAnswered(configuredHost));
        assertEquals(false, isAnswered(configuredHost, "localhost", "evil.example"));
    }
}
