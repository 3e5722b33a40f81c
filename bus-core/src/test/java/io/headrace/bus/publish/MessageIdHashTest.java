package io.headrace.bus.publish;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

class MessageIdHashTest {
    /** The halves of published values, which are shown as bytes from the lowest on, are read backwards here. */
    @ParameterizedTest
    @CsvSource({
        "'', 0000000000000000, 0000000000000000",
        "hello, cbd8a7b341bd9b02, 5b1e906a48ae1d19",
        "The quick brown fox jumps over the lazy dog, e34bbc7bbc071b6c, 7a433ca9c49a9347",
    })
    void shouldBeMurmurHash3(final String id, final String high, final String low) {
        final byte[] bytes = ("##" + id).getBytes(US_ASCII);
        final MessageIdHash hash = new MessageIdHash().of(new UnsafeBuffer(bytes), 2, bytes.length - 2);
        assertEquals(high, "%016x".formatted(hash.high()));
        assertEquals(low, "%016x".formatted(hash.low()));
    }
}
