package io.headrace.adapters.testkit;

import io.headrace.bus.adapter.AdapterProvider;
import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.service.config.OptionDescriptor;
import io.headrace.bus.service.config.OptionDescriptors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What is asked of sources and sinks alike. Runs on the thread of JUnit; extend {@link SourceContract} or
 * {@link SinkContract}. The tests cannot be overridden, only the hooks.
 *
 * @param <O> the options record.
 * @param <P> the provider.
 */
public abstract class AdapterContract<O extends Record, P extends AdapterProvider<O>> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(10);

    AdapterContract() {
    }

    /**
     * The provider under test.
     *
     * @return the same class as the one that {@link ServiceLoader} finds.
     */
    protected abstract P provider();

    /**
     * Options with which the adapter works, against an outside system that is there and is this test's alone. Called
     * at any time, more than once in a test: it answers the same each time.
     *
     * @return the options. Time-outs and pauses between attempts should be short.
     */
    protected abstract O options();

    /**
     * What this adapter cannot offer, and why. The tests that need it are aborted with the reason.
     *
     * @return a reason for each ability that is missing.
     */
    protected Map<Ability, String> unsupported() {
        return Map.of();
    }

    /**
     * Makes the outside system unreachable, as if its host had gone. It must keep what it holds.
     *
     * @throws Exception when that fails; the test fails then.
     */
    protected void stopOutside() throws Exception {
        throw missing(Ability.OUTAGE, "stopOutside");
    }

    /**
     * Brings the outside system back, where it was before and with what it held.
     *
     * @throws Exception when that fails; the test fails then.
     */
    protected void startOutside() throws Exception {
        throw missing(Ability.OUTAGE, "startOutside");
    }

    /**
     * Options that name something which is not there or is not as it must be, so that preflight finds it.
     *
     * @return the options.
     */
    protected O wrongOptions() {
        throw missing(Ability.PREFLIGHT, "wrongOptions");
    }

    /**
     * Whether a thread that began while the adapter was open may go on after it was closed: those of a server that
     * the test runs in this process, and those that a library keeps for all its users.
     *
     * @param thread that is still there.
     * @return true when it is none of the adapter's own.
     */
    protected boolean mayOutlive(final Thread thread) {
        return false;
    }

    /**
     * How long to wait for something that must happen. Nothing is measured by it.
     *
     * @return half a minute, unless overridden.
     */
    protected Duration patience() {
        return PATIENCE;
    }

    static UnsupportedOperationException missing(final Ability ability, final String hook) {
        return new UnsupportedOperationException(
            "override " + hook + "(), or say in unsupported() why there is no " + ability);
    }

    final boolean has(final Ability ability) {
        return !unsupported().containsKey(ability);
    }

    final void need(final Ability ability) {
        if (!has(ability)) {
            final String reason = unsupported().get(ability);
            assertFalse(reason.isBlank(), ability + " is unsupported without a reason");
            Assumptions.abort("no " + ability + " for type " + provider().type() + ": " + reason);
        }
    }

    final ConditionFactory await(final String what) {
        return Awaitility.await(what).atMost(patience()).pollInterval(LOOK_INTERVAL).pollDelay(Duration.ZERO);
    }

    final ThreadWatch watchThreads() {
        return new ThreadWatch(this::mayOutlive);
    }

    abstract Class<?> providerType();

    @Test
    void shouldBeFoundByServiceLoader() {
        final List<AdapterProvider<?>> sameType = ServiceLoader.load(providerType()).stream()
            .<AdapterProvider<?>>map(found -> (AdapterProvider<?>)found.get())
            .filter(found -> found.type().equals(provider().type()))
            .toList();
        assertEquals(1, sameType.size(),
            "providers of type " + provider().type() + " in META-INF/services/" + providerType().getName());
        assertEquals(provider().getClass(), sameType.get(0).getClass());
    }

    @Test
    void shouldDescribeItselfAndItsOptions() {
        assertTrue(provider().type().matches("[a-z][a-z0-9-]*"), "type=" + provider().type());
        assertFalse(provider().description().isBlank());
        assertEquals(provider().optionsType(), options().getClass());
        // It refuses a component without @Option, and a default, bound or example that is no value of its type.
        assertDescribed(OptionDescriptors.of(provider().optionsType()));
    }

    private static void assertDescribed(final List<OptionDescriptor> options) {
        for (final OptionDescriptor option : options) {
            assertFalse(option.description().isBlank(), "the description of the option " + option.name());
            assertDescribed(option.nested());
        }
    }

    @Test
    void shouldFindNothingWrongWhenAllIsWell() {
        final List<PreflightFinding> failed = provider().preflight(options()).stream()
            .filter(finding -> finding.status() == PreflightFinding.Status.FAILED).toList();
        assertEquals(List.of(), failed);
    }

    @Test
    void shouldFindAWrongSettingBeforehand() {
        need(Ability.PREFLIGHT);
        assertFailedFindings(provider().preflight(wrongOptions()));
    }

    @Test
    void shouldFindBeforehandThatTheOutsideSystemIsAway() throws Exception {
        need(Ability.PREFLIGHT);
        need(Ability.OUTAGE);
        stopOutside();
        try {
            assertFailedFindings(provider().preflight(options()));
        } finally {
            startOutside();
        }
    }

    private static void assertFailedFindings(final List<PreflightFinding> findings) {
        final List<PreflightFinding> failed = findings.stream()
            .filter(finding -> finding.status() == PreflightFinding.Status.FAILED).toList();
        assertFalse(failed.isEmpty(), "preflight found nothing wrong: " + findings);
        for (final PreflightFinding finding : failed) {
            assertNotNull(finding.found());
            assertFalse(finding.found().isBlank(), "what was found, in " + finding);
            assertFalse(finding.remedy().isBlank(), "the remedy, in " + finding);
        }
    }
}
