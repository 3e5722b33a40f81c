package io.headrace.perf.site;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.SinkProvider;

/**
 * Stands before the sinks of a flow and counts what they deliver, or, without them, before nothing; the bus gets the
 * capabilities of the real ones either way, so that it runs the same lanes.
 *
 * @param <O> the options record of the real sink.
 */
final class MeasuredSinkProvider<O extends Record> implements SinkProvider<O> {
    private final SinkProvider<O> real;
    private final boolean delivers;
    private final FlowFigures figures;

    MeasuredSinkProvider(final SinkProvider<O> real, final boolean delivers, final FlowFigures figures) {
        this.real = real;
        this.delivers = delivers;
        this.figures = figures;
    }

    /** The thread of its lane. */
    private static final class MeasuredSink implements Sink {
        private final Sink target;
        private final FlowFigures flow;
        private final LaneFigures lane;

        MeasuredSink(final Sink target, final FlowFigures flow) {
            this.target = target;
            this.flow = flow;
            lane = flow.addLane();
        }

        @Override
        public void deliver(final EventBatch batch) throws DeliveryException, InterruptedException {
            final long fromNs = System.nanoTime();
            int finishedCount = batch.size();
            try {
                if (target != null && !flow.relieved()) {
                    target.deliver(batch);
                }
            } catch (final DeliveryException e) {
                finishedCount = e.deliveredCount();
                throw e;
            } catch (final InterruptedException | RuntimeException e) {
                finishedCount = 0;
                throw e;
            } finally {
                lane.onBusy(System.nanoTime() - fromNs);
                for (int i = 0; i < finishedCount; i++) {
                    lane.onEvent(batch.event(i), batch.replayed());
                }
            }
        }

        @Override
        public void idle() throws DeliveryException {
            if (target != null) {
                target.idle();
            }
        }

        @Override
        public void close() {
            if (target != null) {
                target.close();
            }
        }
    }

    @Override
    public String type() {
        return real.type();
    }

    @Override
    public String description() {
        return real.description();
    }

    @Override
    public Class<O> optionsType() {
        return real.optionsType();
    }

    @Override
    public SinkCapabilities capabilities(final O options) {
        return real.capabilities(options);
    }

    @Override
    public Sink createSink(final O options, final SinkContext context) {
        return new MeasuredSink(delivers ? real.createSink(options, context) : null, figures);
    }
}
