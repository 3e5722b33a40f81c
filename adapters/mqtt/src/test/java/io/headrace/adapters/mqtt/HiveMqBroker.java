package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import com.hivemq.embedded.EmbeddedHiveMQBuilder;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.connect.ConnectPacket;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.extension.sdk.api.services.builder.Builders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real HiveMQ broker in this process, on loopback and a free port, with its files in a temporary folder. */
final class HiveMqBroker implements AutoCloseable {
    static final String USER = "plant";
    static final String PASSWORD = "s3cret";
    static final String DENIED_TOPIC = "denied/topic";
    private static final int START_TIMEOUT_S = 60;

    private final Path folder;
    private final int port;
    private final boolean withLogin;
    private EmbeddedHiveMQ broker;

    private HiveMqBroker(final boolean withLogin, final String tlsXml, final boolean durable) {
        this.withLogin = withLogin;
        port = freePort();
        try {
            folder = Files.createTempDirectory("headrace-hivemq-");
            Files.createDirectories(folder.resolve("conf"));
            Files.createDirectories(folder.resolve("extensions"));
            Files.createDirectories(folder.resolve("data"));
            Files.writeString(folder.resolve("conf/config.xml"), configuration(tlsXml, durable));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    /** A broker that lets everybody in. */
    static HiveMqBroker open() {
        return new HiveMqBroker(false, null, false);
    }

    /** A broker that keeps sessions and messages over a restart. */
    static HiveMqBroker durable() {
        return new HiveMqBroker(false, null, true);
    }

    /** A broker that asks for {@link #USER} and {@link #PASSWORD}, and forbids {@link #DENIED_TOPIC}. */
    static HiveMqBroker withLogin() {
        return new HiveMqBroker(true, null, false);
    }

    /** A broker that speaks TLS with the key of a key store. */
    static HiveMqBroker withTls(final Path keyStore, final String password, final boolean wantsClientCertificate) {
        return new HiveMqBroker(false,
            "<tls><keystore><path>" + keyStore + "</path><password>" + password + "</password><private-key-password>"
                + password + "</private-key-password></keystore>"
                + (wantsClientCertificate ? "<truststore><path>" + keyStore + "</path><password>" + password
                + "</password></truststore><client-authentication-mode>REQUIRED</client-authentication-mode>" : "")
                + "</tls>", false);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String configuration(final String tlsXml, final boolean durable) {
        final String kind = tlsXml == null ? "tcp-listener" : "tls-tcp-listener";
        return "<?xml version=\"1.0\"?><hivemq><listeners><" + kind + "><port>" + port
            + "</port><bind-address>127.0.0.1</bind-address>" + (tlsXml == null ? "" : tlsXml) + "</" + kind
            + "></listeners><persistence><mode>" + (durable ? "file" : "in-memory") + "</mode></persistence>"
            + "<mqtt><queued-messages><max-queue-size>1000000</max-queue-size></queued-messages></mqtt>"
            + "<anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics></hivemq>";
    }

    void start() {
        final EmbeddedHiveMQBuilder builder = EmbeddedHiveMQ.builder()
            .withConfigurationFolder(folder.resolve("conf"))
            .withDataFolder(folder.resolve("data"))
            .withExtensionsFolder(folder.resolve("extensions"))
            .withoutLoggingBootstrap();
        if (withLogin) {
            builder.withEmbeddedExtension(EmbeddedExtension.builder()
                .withId("login").withName("login").withVersion("1").withPriority(0).withStartPriority(0)
                .withExtensionMain(new Login()).build());
        }
        broker = builder.build();
        broker.start().orTimeout(START_TIMEOUT_S, TimeUnit.SECONDS).join();
    }

    void stop() {
        broker.stop().orTimeout(START_TIMEOUT_S, TimeUnit.SECONDS).join();
    }

    int port() {
        return port;
    }

    /** A connected client for a test to publish and to subscribe with. */
    Mqtt5BlockingClient client() {
        final var builder = Mqtt5Client.builder().serverHost("localhost").serverPort(port);
        if (withLogin) {
            builder.simpleAuth().username(USER).password(PASSWORD.getBytes(StandardCharsets.UTF_8)).applySimpleAuth();
        }
        final Mqtt5BlockingClient client = builder.buildBlocking();
        client.connect();
        return client;
    }

    /** Whether a thread belongs to the broker, the proxy or the clients that a test itself uses. */
    static boolean isThreadOfTest(final Thread thread) {
        return !thread.getName().startsWith("mqtt-");
    }

    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Login implements ExtensionMain {
        @Override
        public void extensionStart(final ExtensionStartInput input, final ExtensionStartOutput output) {
            final SimpleAuthenticator authenticator = (connect, answer) -> {
                if (allowed(connect.getConnectPacket())) {
                    answer.authenticateSuccessfully();
                } else {
                    answer.failAuthentication(ConnackReasonCode.BAD_USER_NAME_OR_PASSWORD, "who are you?");
                }
            };
            Services.securityRegistry().setAuthenticatorProvider(provided -> authenticator);
            Services.initializerRegistry().setClientInitializer((initializer, client) -> {
                client.getDefaultPermissions().add(Builders.topicPermission()
                    .topicFilter(DENIED_TOPIC)
                    .type(com.hivemq.extension.sdk.api.auth.parameter.TopicPermission.PermissionType.DENY)
                    .build());
                client.getDefaultPermissions().setDefaultBehaviour(
                    com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour.ALLOW);
            });
        }

        private static boolean allowed(final ConnectPacket connect) {
            return connect.getUserName().filter(USER::equals).isPresent()
                && connect.getPassword().map(password -> StandardCharsets.UTF_8.decode(password).toString())
                    .filter(PASSWORD::equals).isPresent();
        }

        @Override
        public void extensionStop(final ExtensionStopInput input, final ExtensionStopOutput output) {
            // Nothing was opened.
        }
    }
}
