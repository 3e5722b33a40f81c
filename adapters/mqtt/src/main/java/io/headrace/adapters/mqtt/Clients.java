package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.Mqtt3ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuth;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuthBuilder;
import io.netty.channel.EventLoopGroup;
import io.reactivex.schedulers.Schedulers;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Any thread, immutable: builds clients of the library for one adapter, alike for sources, sinks and checks. The login
 * belongs to the client and not to its connect message, as the library forgets the latter when it reconnects.
 */
final class Clients {
    private final MqttBrokerOptions broker;
    private final MqttClientSslConfig tls;
    private final EventLoopGroup loop;

    /**
     * Reads the certificates.
     *
     * @throws IllegalArgumentException when a certificate or a key cannot be used.
     */
    Clients(final MqttBrokerOptions broker, final EventLoopGroup loop) {
        this.broker = broker;
        this.loop = loop;
        tls = broker.tls().map(options -> Tls.config(options, broker.connectTimeout())).orElse(null);
    }

    MqttBrokerOptions broker() {
        return broker;
    }

    Mqtt5Client mqtt5(final String clientId, final UnaryOperator<MqttClientBuilder> more) {
        final Mqtt5ClientBuilder builder = more.apply(common(clientId)).useMqttVersion5();
        if (broker.user().isPresent() || broker.password().isPresent()) {
            builder.simpleAuth(login());
        }
        return builder.build();
    }

    private Mqtt5SimpleAuth login() {
        if (broker.user().isEmpty()) {
            return Mqtt5SimpleAuth.builder().password(password()).build();
        }
        final Mqtt5SimpleAuthBuilder.Complete auth = Mqtt5SimpleAuth.builder().username(broker.user().get());
        return broker.password().isPresent() ? auth.password(password()).build() : auth.build();
    }

    private byte[] password() {
        return broker.password().orElseThrow().value().getBytes(StandardCharsets.UTF_8);
    }

    Mqtt3Client mqtt3(final String clientId, final UnaryOperator<MqttClientBuilder> more) {
        final Mqtt3ClientBuilder builder = more.apply(common(clientId)).useMqttVersion3();
        if (broker.user().isPresent()) {
            final var auth = builder.simpleAuth().username(broker.user().get());
            if (broker.password().isPresent()) {
                auth.password(password()).applySimpleAuth();
            } else {
                auth.applySimpleAuth();
            }
        }
        return builder.build();
    }

    private MqttClientBuilder common(final String clientId) {
        final long timeoutMs = broker.connectTimeout().toMillis();
        return MqttClient.builder()
            .identifier(clientId)
            .transportConfig()
            .serverHost(broker.host())
            .serverPort(broker.port())
            .socketConnectTimeout(timeoutMs, TimeUnit.MILLISECONDS)
            .mqttConnectTimeout(timeoutMs, TimeUnit.MILLISECONDS)
            .sslConfig(tls)
            .applyTransportConfig()
            .executorConfig()
            .nettyExecutor(loop)
            // On the event loop itself: handing a message to another thread would cost a wake-up.
            .applicationScheduler(Schedulers.from(Runnable::run))
            .applyExecutorConfig();
    }
}
