package io.headrace.adapters.testkit.example;

import io.headrace.adapters.testkit.Ability;
import io.headrace.adapters.testkit.Change;
import io.headrace.adapters.testkit.EncodedEvent;
import io.headrace.adapters.testkit.EventFixture;
import io.headrace.adapters.testkit.SinkContract;
import io.headrace.adapters.testkit.TargetKind;
import io.headrace.bus.adapter.SinkProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The example of the guide keeps the contract of sinks. */
class LineSinkTest extends SinkContract<LineSinkProvider.Options> {
    private LineServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new LineServer();
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    @Override
    protected SinkProvider<LineSinkProvider.Options> provider() {
        return new LineSinkProvider();
    }

    @Override
    protected LineSinkProvider.Options options() {
        return new LineSinkProvider.Options("localhost", server.port(), 500);
    }

    @Override
    protected TargetKind targetKind() {
        return TargetKind.APPENDS_AT_LEAST_ONCE;
    }

    @Override
    protected EncodedEvent event(final Change change) {
        return new EventFixture().topic("change " + change.key() + " " + change.number()).document("", new byte[0]);
    }

    @Override
    protected List<Change> arrivals() {
        return server.lines().stream().map(line -> line.split(" ")).filter(words -> words[0].equals("change"))
            .map(words -> new Change(words[1], Long.parseLong(words[2]))).toList();
    }

    @Override
    protected void stopOutside() throws IOException {
        server.stop();
    }

    @Override
    protected void startOutside() throws IOException {
        server.start();
    }

    @Override
    protected void hangTarget() {
        server.hanging(true);
    }

    @Override
    protected void resumeTarget() {
        server.hanging(false);
    }

    @Override
    protected EncodedEvent poisonEvent(final Change change) {
        return new EventFixture().topic("poison " + change.number()).document("", new byte[0]);
    }

    @Override
    protected Map<Ability, String> unsupported() {
        return Map.of(
            Ability.FATAL, "the other side has neither users nor tables: there is nothing for a person to mend",
            Ability.PREFLIGHT, "the guide's example leaves it out");
    }

    @Override
    protected boolean mayOutlive(final Thread thread) {
        return thread.getName().startsWith(LineServer.THREAD_PREFIX);
    }
}
