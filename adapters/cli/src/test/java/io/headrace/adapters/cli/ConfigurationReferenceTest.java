package io.headrace.adapters.cli;

import io.headrace.adapters.cli.report.JsonText;
import io.headrace.bus.service.config.AdapterRegistry;
import io.headrace.bus.service.config.ConfigurationReference;
import io.headrace.bus.service.config.ConfigurationSchema;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The committed reference documentation and JSON Schema are what the option records of all shipped adapters say. They
 * are tested in this module, as only here all adapters are on the class path.
 */
class ConfigurationReferenceTest {
    private static final Path FOLDER = Path.of("..", "..", "docs", "reference");
    private static final String COMMAND = "mvn -pl adapters/cli -am test -Dtest=ConfigurationReferenceTest"
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dheadrace.reference.write=true";

    @Test
    void shouldFindTheCommittedReferenceUpToDate() throws IOException {
        assertCommitted("configuration.md", ConfigurationReference.toMarkdown(AdapterRegistry.load()));
    }

    @Test
    void shouldFindTheCommittedSchemaUpToDate() throws IOException {
        assertCommitted("configuration.schema.json", CommandRun.of("schema").out());
    }

    @Test
    void shouldPrintTheSchemaThatTheOptionsSay() {
        assertEquals(
            JsonText.pretty(json -> JsonText.tree(ConfigurationSchema.toTree(AdapterRegistry.load()), json)) + "\n",
            CommandRun.of("schema").out());
    }

    private static void assertCommitted(final String name, final String expected) throws IOException {
        final Path file = FOLDER.resolve(name);
        if (Boolean.getBoolean("headrace.reference.write")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, expected);
        }
        assertEquals(
            expected, Files.exists(file) ? Files.readString(file) : "",
            () -> "docs/reference/" + name + " is out of date; write both files with: " + COMMAND);
    }
}
