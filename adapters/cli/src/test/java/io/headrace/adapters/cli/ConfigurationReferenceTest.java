package io.headrace.adapters.cli;

import io.headrace.bus.service.config.AdapterRegistry;
import io.headrace.bus.service.config.ConfigurationReference;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The committed reference documentation is what the option records of all shipped adapters say. It is tested in this
 * module, as only here all adapters are on the class path.
 */
class ConfigurationReferenceTest {
    private static final Path REFERENCE = Path.of("..", "..", "docs", "reference", "configuration.md");
    private static final String COMMAND = "mvn -pl adapters/cli -am test -Dtest=ConfigurationReferenceTest"
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dheadrace.reference.write=true";

    @Test
    void shouldFindTheCommittedReferenceUpToDate() throws IOException {
        final String expected = ConfigurationReference.toMarkdown(AdapterRegistry.load());
        if (Boolean.getBoolean("headrace.reference.write")) {
            Files.createDirectories(REFERENCE.getParent());
            Files.writeString(REFERENCE, expected);
        }
        assertEquals(
            expected, Files.exists(REFERENCE) ? Files.readString(REFERENCE) : "",
            () -> "docs/reference/configuration.md is out of date; write it with: " + COMMAND);
    }
}
