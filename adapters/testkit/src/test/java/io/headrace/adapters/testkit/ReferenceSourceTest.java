package io.headrace.adapters.testkit;

import io.headrace.adapters.testkit.SourceTraits.Duplicates;
import io.headrace.adapters.testkit.reference.Origin;
import io.headrace.adapters.testkit.reference.ReferenceReading;
import io.headrace.adapters.testkit.reference.ReferenceSourceOptions;
import io.headrace.adapters.testkit.reference.ReferenceSourceProvider;
import io.headrace.adapters.testkit.reference.SourceFault;
import io.headrace.bus.adapter.Secret;
import io.headrace.bus.adapter.SourceProvider;
import io.headrace.codecs.EventView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The reference source keeps the whole contract of sources. */
class ReferenceSourceTest extends SourceContract<ReferenceSourceOptions> {
    private final String originName = "origin-" + UUID.randomUUID();

    @BeforeEach
    void makeOrigin() {
        Origin.of(originName);
    }

    @AfterEach
    void forgetOrigin() {
        Origin.forget(originName);
    }

    SourceFault fault() {
        return SourceFault.NONE;
    }

    @Override
    protected SourceProvider<ReferenceSourceOptions> provider() {
        return new ReferenceSourceProvider();
    }

    private ReferenceSourceOptions options(final String origin, final String password) {
        return new ReferenceSourceOptions(origin, new Secret(password), Duration.ofMillis(10), fault());
    }

    @Override
    protected ReferenceSourceOptions options() {
        return options(originName, "open");
    }

    @Override
    protected ReferenceSourceOptions wrongOptions() {
        return options("missing", "open");
    }

    @Override
    protected ReferenceSourceOptions wrongCredentials() {
        return options(originName, "wrong");
    }

    @Override
    protected SourceTraits traits() {
        return new SourceTraits(true, true, true, true, Duplicates.NEVER);
    }

    @Override
    protected void makeChanges(final long firstNumber, final int count) {
        for (int i = 0; i < count; i++) {
            Origin.of(originName).append(Long.toString(firstNumber + i));
        }
    }

    @Override
    protected void makeTransaction(final long firstNumber, final int count) {
        Origin.of(originName).append(LongStream.range(firstNumber, firstNumber + count)
            .mapToObj(Long::toString).collect(Collectors.joining(",")));
    }

    @Override
    protected long numberOf(final EventView event) {
        return ReferenceReading.numberOf(event);
    }

    @Override
    protected void stopOutside() {
        Origin.of(originName).up(false);
    }

    @Override
    protected void startOutside() {
        Origin.of(originName).up(true);
    }

    @Override
    protected void sendMalformedInput() {
        Origin.of(originName).append("no number");
    }

    @Override
    protected Set<String> malformedCounters() {
        return Set.of("malformed-records");
    }
}
