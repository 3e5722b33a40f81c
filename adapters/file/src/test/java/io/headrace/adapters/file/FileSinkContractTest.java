package io.headrace.adapters.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headrace.adapters.testkit.Ability;
import io.headrace.adapters.testkit.Change;
import io.headrace.adapters.testkit.EncodedEvent;
import io.headrace.adapters.testkit.EventFixtures;
import io.headrace.adapters.testkit.SinkContract;
import io.headrace.adapters.testkit.TargetKind;
import io.headrace.bus.adapter.SinkProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The contract of every sink, for files in a directory that the test moves away and back. */
class FileSinkContractTest extends SinkContract<FileSinkOptions> {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path folder;
    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(folder.resolve("events"));
    }

    @Override
    protected SinkProvider<FileSinkOptions> provider() {
        return new FileSinkProvider();
    }

    @Override
    protected FileSinkOptions options() {
        return new FileSinkTest.Options(directory).build();
    }

    @Override
    protected FileSinkOptions wrongOptions() {
        return new FileSinkTest.Options(folder.resolve("missing")).build();
    }

    @Override
    protected Map<Ability, String> unsupported() {
        return Map.of(
            Ability.HANG, "a write to a local file cannot be made to wait",
            Ability.FATAL, "a directory can be made and a disk be freed at any time, so the sink goes on trying",
            Ability.WHOLE_TRANSACTIONS, "a file has no transactions",
            Ability.LANES, "there is one file");
    }

    @Override
    protected TargetKind targetKind() {
        return TargetKind.APPENDS_AT_LEAST_ONCE;
    }

    @Override
    protected void stopOutside() throws IOException {
        Files.move(directory, folder.resolve("away"));
    }

    @Override
    protected void startOutside() throws IOException {
        Files.move(folder.resolve("away"), directory);
    }

    @Override
    protected EncodedEvent poisonEvent(final Change change) {
        return EventFixtures.unreadableEvents().get(0);
    }

    @Override
    protected List<Change> arrivals() throws IOException {
        final List<Change> arrivals = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            final List<Path> visible =
                files.filter(path -> !path.getFileName().toString().startsWith(".")).sorted().toList();
            for (final Path file : visible) {
                for (final String line : Files.readAllLines(file)) {
                    final JsonNode after = MAPPER.readTree(line).path("payload").path("after");
                    if (after.has(EventFixtures.NUMBER_COLUMN)) {
                        arrivals.add(new Change(
                            after.get(EventFixtures.KEY_COLUMN).textValue(),
                            after.get(EventFixtures.NUMBER_COLUMN).longValue()));
                    }
                }
            }
        } catch (final NoSuchFileException e) {
            // A file that was just completed: the caller looks again.
            return List.of();
        }
        return arrivals;
    }
}
