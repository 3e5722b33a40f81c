package io.headrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Run by JUnit's thread. */
class ClientContextTest {
    @TempDir
    private Path folder;

    @Test
    void shouldReportAllErrorsTogether() {
        final ClientContext context = new ClientContext()
            .name("Meter 7").address("host", "host:0", ":7730", "host:x").secret("").secretFile(folder.resolve("none"))
            .termLengthBytes(100_000).maxInFlight(1_000);
        final String text = assertThrows(IllegalArgumentException.class, context::conclude).getMessage();

        for (final String part : List.of(
            "name=Meter 7", "address=host ", "address=host:0", "address=:7730", "address=host:x", "secret is empty",
            "secretFile=", "termLengthBytes=100000", "maxInFlight=1000", "give either the address")) {
            assertTrue(text.contains(part), part + " is not in: " + text);
        }
    }

    @Test
    void shouldTakeOneWayToTheServiceOnly() {
        assertThrows(IllegalArgumentException.class, () ->
            new ClientContext().address("host:7730").ipc(folder).conclude());
        assertThrows(IllegalArgumentException.class, () -> new ClientContext().conclude());
    }

    @Test
    void shouldReadAddresses() {
        final ClientContext context = new ClientContext().address("plant-1:7730", "[::1]:7731").conclude();

        assertEquals("plant-1", context.addresses().get(0).getHostString());
        assertEquals(7730, context.addresses().get(0).getPort());
        assertEquals("::1", context.addresses().get(1).getHostString());
        assertEquals(7731, context.addresses().get(1).getPort());
    }

    @Test
    void shouldReadTheSecretFromAFile() throws IOException {
        final Path file = Files.writeString(folder.resolve("secret"), "  Wasser läuft\n");

        assertEquals("Wasser läuft", new ClientContext().secretFile(file).secret().orElseThrow());
    }
}
