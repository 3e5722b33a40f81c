package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttSharedTopicFilter;
import com.hivemq.client.mqtt.datatypes.MqttTopicFilter;
import io.headrace.bus.adapter.PreflightFinding;
import io.netty.channel.EventLoopGroup;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The thread that runs a command, no state: tries out what an adapter is going to do, under a client id of its own, so
 * that a running service keeps its session. A shared subscription is tried without its group, so that no message of
 * the group goes to a client that only looks.
 */
final class Preflight {
    private static final int CONNECT_STEPS = 3;
    private static final String CONNECTION = "connection";
    private static final String LOGIN = "login";

    private Preflight() {
    }

    /** Looks at what a source needs. */
    static List<PreflightFinding> source(final MqttSourceOptions options) {
        final List<PreflightFinding> findings = new ArrayList<>();
        withLoop(options.broker(), findings, clients -> {
            final MqttSourceOptions trial = new MqttSourceOptions(
                options.broker(), unshared(options.subscriptions()), List.of(), Optional.empty(), Optional.empty(),
                MqttSourceOptions.AcknowledgeWhen.PUBLISHED, true, Duration.ZERO, 1);
            final Trial listener = new Trial();
            final SubscriberLink link = options.broker().version() == MqttBrokerOptions.MQTT_5 ?
                new Mqtt5SubscriberLink(clients, trialId(), trial, listener) :
                new Mqtt3SubscriberLink(clients, trialId(), trial, listener);
            link.connect(true, trial.receiveMaximum());
            if (loggedIn(listener.connected, options.broker(), findings)) {
                subscriptions(options, link, findings);
                await(link.end(true), options.broker());
            }
        });
        return findings;
    }

    /** Looks at what a sink needs. Whether it may publish to its topics shows with its first event only. */
    static List<PreflightFinding> sink(final MqttSinkOptions options) {
        final List<PreflightFinding> findings = new ArrayList<>();
        withLoop(options.broker(), findings, clients -> {
            final PublisherLink link = options.broker().version() == MqttBrokerOptions.MQTT_5 ?
                new Mqtt5PublisherLink(clients, trialId(), options) :
                new Mqtt3PublisherLink(clients, trialId(), options);
            if (loggedIn(link.connect(), options.broker(), findings)) {
                final String lacks = link.lacks();
                findings.add(lacks == null ?
                    PreflightFinding.ok("quality of service", "QoS " + options.qos() + " is allowed") :
                    PreflightFinding.failed("quality of service", lacks, lacks.substring(lacks.indexOf(';') + 2)));
                await(link.end(), options.broker());
            }
        });
        return findings;
    }

    private interface Check {
        void run(Clients clients);
    }

    private static void withLoop(
        final MqttBrokerOptions broker, final List<PreflightFinding> findings, final Check check) {
        if (!reachable(broker, findings)) {
            return;
        }
        final EventLoopGroup group = EventLoops.single("mqtt-preflight");
        try {
            check.run(new Clients(broker, group));
        } catch (final IllegalArgumentException e) {
            findings.add(PreflightFinding.failed("tls", e.getMessage(), "correct the file or its option"));
        } finally {
            group.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean reachable(final MqttBrokerOptions broker, final List<PreflightFinding> findings) {
        try (Socket socket = new Socket()) {
            final InetSocketAddress address = new InetSocketAddress(broker.host(), broker.port());
            if (address.isUnresolved()) {
                throw new java.net.UnknownHostException(broker.host());
            }
            socket.connect(address, (int)broker.connectTimeout().toMillis());
            findings.add(PreflightFinding.ok(CONNECTION, broker.address() + " answers"));
            return true;
        } catch (final java.io.IOException e) {
            findings.add(PreflightFinding.failed(CONNECTION, Failure.of(e, broker).text(),
                "start the broker, or correct broker.host and broker.port"));
            return false;
        }
    }

    private static boolean loggedIn(
        final CompletableFuture<?> connected, final MqttBrokerOptions broker, final List<PreflightFinding> findings) {
        final Throwable cause = await(connected, broker);
        if (cause == null) {
            findings.add(PreflightFinding.ok(LOGIN, "MQTT " + broker.version() + " as "
                + broker.user().map(user -> "user " + user).orElse("nobody in particular")
                + (broker.tls().isPresent() ? " over TLS" : "")));
            return true;
        }
        final String text = Failure.of(cause, broker).text();
        final int remedy = text.lastIndexOf("; ");
        findings.add(PreflightFinding.failed(
            LOGIN, text, remedy < 0 ? "look into the broker's log" : text.substring(remedy + 2)));
        return false;
    }

    private static void subscriptions(
        final MqttSourceOptions options, final SubscriberLink link, final List<PreflightFinding> findings) {
        final CompletableFuture<List<Integer>> answer = link.subscribe();
        final Throwable cause = await(answer, options.broker());
        if (cause != null) {
            findings.add(PreflightFinding.failed("subscription", Failure.of(cause, options.broker()).text(),
                "look into the broker's log"));
            return;
        }
        final List<Integer> codes = answer.join();
        for (int i = 0; i < codes.size(); i++) {
            final MqttSubscriptionOptions asked = options.subscriptions().get(i);
            final String check = "subscription " + asked.filter();
            if (codes.get(i) >= SubscriberLink.REFUSED) {
                findings.add(PreflightFinding.failed(check,
                    "the broker refuses it with code 0x" + Integer.toHexString(codes.get(i)),
                    "allow " + options.broker().user().map(user -> "user " + user).orElse("anonymous clients")
                        + " to subscribe to " + asked.filter()));
            } else if (codes.get(i) < asked.qos()) {
                findings.add(PreflightFinding.warning(check,
                    "the broker grants QoS " + codes.get(i) + ", so messages can be lost",
                    "allow QoS 1 at the broker, or set qos to 0"));
            } else {
                findings.add(PreflightFinding.ok(check, "granted with QoS " + codes.get(i)));
            }
        }
    }

    private static List<MqttSubscriptionOptions> unshared(final List<MqttSubscriptionOptions> subscriptions) {
        return subscriptions.stream()
            .map(subscription -> MqttTopicFilter.of(subscription.filter()) instanceof MqttSharedTopicFilter shared ?
                new MqttSubscriptionOptions(shared.getTopicFilter().toString(), subscription.qos()) : subscription)
            .toList();
    }

    private static String trialId() {
        return "headrace-preflight-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** What went wrong, or null. */
    private static Throwable await(final CompletableFuture<?> future, final MqttBrokerOptions broker) {
        try {
            future.get(CONNECT_STEPS * broker.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (final ExecutionException e) {
            return e.getCause();
        } catch (final TimeoutException e) {
            return e;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        }
    }

    /** Connects once, and takes no notice of messages. */
    private static final class Trial implements SubscriberLink.Listener {
        private final CompletableFuture<Void> connected = new CompletableFuture<>();

        @Override
        public void onConnected(final SubscriberLink link, final boolean sessionPresent) {
            connected.complete(null);
        }

        @Override
        public long onDisconnected(final SubscriberLink link, final Throwable cause) {
            connected.completeExceptionally(cause);
            return SubscriberLink.GIVE_UP;
        }

        @Override
        public void onPublish(final Object publish) {
            // Not acknowledged: the trial session ends, and the broker drops it with what was in it.
        }

        @Override
        public void onEnd(final SubscriberLink link) {
            // The trial is over anyway.
        }
    }
}
