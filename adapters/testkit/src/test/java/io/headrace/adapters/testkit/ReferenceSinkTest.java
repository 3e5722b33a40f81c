package io.headrace.adapters.testkit;

import io.headrace.adapters.testkit.reference.ReferenceSinkOptions;
import io.headrace.adapters.testkit.reference.ReferenceSinkProvider;
import io.headrace.adapters.testkit.reference.SinkFault;
import io.headrace.adapters.testkit.reference.Target;
import io.headrace.bus.adapter.SinkProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.util.List;
import java.util.UUID;

/** The reference sink keeps the whole contract of sinks, but what concerns transactions. */
class ReferenceSinkTest extends SinkContract<ReferenceSinkOptions> {
    private final String targetName = "target-" + UUID.randomUUID();

    @BeforeEach
    void makeTarget() {
        Target.of(targetName);
    }

    @AfterEach
    void forgetTarget() {
        Target.forget(targetName);
    }

    SinkFault fault() {
        return SinkFault.NONE;
    }

    boolean transactions() {
        return false;
    }

    @Override
    protected SinkProvider<ReferenceSinkOptions> provider() {
        return new ReferenceSinkProvider();
    }

    @Override
    protected ReferenceSinkOptions options() {
        return new ReferenceSinkOptions(targetName, transactions(), fault());
    }

    @Override
    protected ReferenceSinkOptions wrongOptions() {
        return new ReferenceSinkOptions("missing", transactions(), fault());
    }

    @Override
    protected ReferenceSinkOptions fatalOptions() {
        return wrongOptions();
    }

    @Override
    protected TargetKind targetKind() {
        return transactions() ? TargetKind.APPENDS_ONCE : TargetKind.APPENDS_AT_LEAST_ONCE;
    }

    @Override
    protected List<Change> arrivals() {
        return Target.of(targetName).committed().stream()
            .filter(change -> !change.key().equals("every")).toList();
    }

    @Override
    protected void stopOutside() {
        Target.of(targetName).up(false);
    }

    @Override
    protected void startOutside() {
        Target.of(targetName).up(true);
    }

    @Override
    protected void hangTarget() {
        Target.of(targetName).hanging(true);
    }

    @Override
    protected void resumeTarget() {
        Target.of(targetName).hanging(false);
    }

    @Override
    protected EncodedEvent poisonEvent(final Change change) {
        return EventFixtures.numberedRow("poison-" + change.key(), change.number());
    }
}
