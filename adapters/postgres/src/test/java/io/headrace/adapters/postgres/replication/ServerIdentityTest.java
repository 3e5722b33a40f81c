package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.pgoutput.FatalSourceException;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ServerIdentityTest {
    private static final ServerIdentity FIRST = new ServerIdentity("7412", 0x1000);

    @Test
    void shouldTakeTheSameClusterWhoseLogGoesOn() {
        assertDoesNotThrow(() -> FIRST.requireOriginOf(null, 0));
        assertDoesNotThrow(() -> FIRST.requireOriginOf(null, 0x1000));
        assertDoesNotThrow(() -> new ServerIdentity("7412", 0x2000).requireOriginOf(FIRST, 0x1000));
        assertDoesNotThrow(() -> new ServerIdentity("7412", -1).requireOriginOf(FIRST, Long.MAX_VALUE));
    }

    @Test
    void shouldRefuseAnotherClusterWhereverItsLogIs() {
        final FatalSourceException failure = assertThrows(FatalSourceException.class, () ->
            new ServerIdentity("7413", 0x2000).requireOriginOf(FIRST, 0x1000));
        assertTrue(failure.getMessage().contains("system identifier 7413, it was 7412"), failure.getMessage());
    }

    @Test
    void shouldRefuseALogThatEndsBeforeWhatIsPublished() {
        final FatalSourceException failure = assertThrows(FatalSourceException.class, () ->
            FIRST.requireOriginOf(FIRST, 0x1001));
        assertTrue(failure.getMessage().contains("ends at 0/1000, but events up to 0/1001"), failure.getMessage());
    }
}
