package io.headrace.bus.service.config;

import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.SinkProvider;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;

import java.util.List;

/**
 * One entry of {@code sinks}, checked. Immutable.
 *
 * @param name     of the sink and of its flow.
 * @param type     of the adapter.
 * @param provider of the adapter.
 * @param options  of the provider's options type.
 * @param flow     the options of the flow from the bus to the sink.
 * @param <O>      the options record.
 */
public record SinkConfiguration<O extends Record>(
    String name, String type, SinkProvider<O> provider, O options, FlowOptions flow) {
    /**
     * Builds the sink of one lane.
     *
     * @param context what the bus gives to it.
     * @return the sink.
     */
    public Sink createSink(final SinkContext context) {
        return provider.createSink(options, context);
    }

    /**
     * What the sink can do with these options.
     *
     * @return the capabilities.
     */
    public SinkCapabilities capabilities() {
        return provider.capabilities(options);
    }

    /**
     * The subscription that feeds the sink.
     *
     * @return its configuration.
     */
    public SubscriptionContext subscriptionContext() {
        final SubscriptionContext context = new SubscriptionContext()
            .name(name)
            .topics(TopicSelector.of(flow.topics()))
            .lanes(flow.lanes())
            .from(flow.startPosition())
            .conflateMaxKeys(flow.conflateMaxKeys())
            .batch(flow.batch().maxEvents(), flow.batch().maxBytes().intBytes())
            .wholeTransactions(capabilities().wholeTransactions(), flow.batch().maxTransactionBytes().intBytes())
            .failures(flow.retry(), flow.onPoison())
            .circuitBreaker(flow.circuitBreaker());
        // What is left open here depends on whether the bus has a log.
        flow.whenFull().ifPresent(context::whenFull);
        flow.after().ifPresent(context::after);
        return context;
    }

    /**
     * Looks at the outside system without changing it.
     *
     * @return what would keep the sink from working.
     */
    public List<PreflightFinding> preflight() {
        return provider.preflight(options);
    }
}
