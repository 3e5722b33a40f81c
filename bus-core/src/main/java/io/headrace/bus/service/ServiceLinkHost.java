package io.headrace.bus.service;

import io.headrace.bus.Bus;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.link.LinkHost;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.service.config.ServiceConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What those who are linked may ask of the service. Called by the link thread, so that whatever takes its time is done
 * by the role thread.
 */
final class ServiceLinkHost implements LinkHost {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceLinkHost.class);
    private static final long UNKNOWN = -1;

    private final ServiceConfiguration configuration;
    private final BusRun run;
    private final RoleTasks tasks;
    private boolean stepsDown;
    private String successor;
    private boolean handedOver;
    private boolean sourcesEnded;
    private volatile boolean sourcesQuiet;
    private volatile String fencedReason = "";

    /** Does things on the role thread. */
    @FunctionalInterface
    interface RoleTasks {
        void submit(Runnable task);
    }

    ServiceLinkHost(final ServiceConfiguration configuration, final BusRun run, final RoleTasks tasks) {
        this.configuration = configuration;
        this.run = run;
        this.tasks = tasks;
    }

    @Override
    public String name() {
        return configuration.service().name();
    }

    @Override
    public Bus bus() {
        return run.bus();
    }

    @Override
    public BusRole role() {
        return run.bus().role();
    }

    @Override
    public boolean isSource(final String name) {
        return configuration.sources().stream().anyMatch(source -> source.name().equals(name));
    }

    /** {@return why the bus is fenced, with a remedy; empty while it is not} */
    String fencedReason() {
        return fencedReason;
    }

    @Override
    public void onHigherEpoch(final EpochHistory epochs, final String replicaName) {
        if (role() != BusRole.LEADER) {
            return;
        }
        final EpochHistory own = run.bus().epochs();
        final long firstForeign = own.lastCommonEpoch(epochs) + 1;
        final long sinceSequence = epochs.firstSequence(firstForeign);
        fencedReason = "another service leads epoch " + epochs.epoch() + " since sequence " + sinceSequence
            + ", as the replica " + replicaName + " knows: restart this one with bus.follow: that leader";
        // Behind its reason: whoever sees the bus fenced can say why.
        run.bus().fence();
        final long nextSequence = run.bus().recordedSequence() + 1;
        LOG.error("This service leads no more: {}", fencedReason);
        if (nextSequence > sinceSequence) {
            LOG.warn("Only this service has events with the sequences {} to {} of epoch {} and later; they are cut when"
                + " it follows the new leader", sinceSequence, nextSequence - 1, firstForeign - 1);
        }
        tasks.submit(() -> {
            run.quiesceSources();
            run.closeSources();
        });
    }

    @Override
    public long stepDown(final long epoch, final String replicaName) {
        if (role() == BusRole.REPLICA || role() == BusRole.FENCED && !stepsDown) {
            return UNKNOWN;
        }
        if (successor == null) {
            successor = replicaName;
        }
        if (!successor.equals(replicaName)) {
            // Two would lead.
            return UNKNOWN;
        }
        if (!stepsDown) {
            stepsDown = true;
            LOG.warn("Steps down for the replica {}, which is about to lead epoch {}", replicaName, epoch);
            tasks.submit(() -> {
                run.quiesceSources();
                sourcesQuiet = true;
            });
        }
        if (!sourcesQuiet) {
            return UNKNOWN;
        }
        if (role() == BusRole.LEADER) {
            fencedReason = replicaName + " is about to lead epoch " + epoch
                + ": restart this service with bus.follow: " + replicaName;
            run.bus().fence();
        }
        final long nextSequence = run.bus().endOfLog();
        handedOver |= nextSequence >= 0;
        if (nextSequence >= 0 && !sourcesEnded) {
            sourcesEnded = true;
            fencedReason = replicaName + " leads epoch " + epoch + " since sequence " + nextSequence
                + ": restart this service with bus.follow: " + replicaName;
            tasks.submit(run::closeSources);
        }
        return nextSequence;
    }

    @Override
    public void onReplica(final String replicaName, final long nextSequence) {
        if (nextSequence < 0 && !handedOver && replicaName.equals(successor)) {
            // It was not told yet: another one may take its place.
            successor = null;
        }
        run.bus().onReplica(replicaName, nextSequence);
    }
}
