package io.headrace.client.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Run by JUnit's thread, with a clock of its own. */
class LinkErrorsTest {
    private final List<Throwable> logged = new ArrayList<>();
    private long nowNs;
    private final LinkErrors errors = new LinkErrors(logged::add, () -> nowNs);

    @Test
    void shouldCountAllAndLogOneOfAKindInTenSeconds() {
        for (int i = 0; i < 150_000; i++) {
            errors.onError(new IOException("failed to send datagram to 10.0.0.8 port 7730: session " + i));
        }
        errors.onError(new IOException("something else"));
        assertEquals(2, logged.size());
        assertEquals(150_001, errors.errorCount());

        nowNs += TimeUnit.SECONDS.toNanos(10);
        errors.onError(new IOException("failed to send datagram to 10.0.0.8 port 7730: session 5"));
        assertEquals(3, logged.size());
    }

    @Test
    void shouldNotGrowWithTheNumberOfKinds() {
        for (int i = 0; i < 10_000; i++) {
            errors.onError(new IOException(i + " is a kind of its own"));
        }
        errors.onError(new IOException((String)null));

        assertEquals(10_001, logged.size());
    }
}
