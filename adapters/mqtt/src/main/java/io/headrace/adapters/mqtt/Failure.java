package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.exceptions.ConnectionFailedException;
import com.hivemq.client.mqtt.exceptions.MqttEncodeException;
import com.hivemq.client.mqtt.exceptions.MqttSessionExpiredException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAck;
import io.headrace.bus.adapter.FailureClass;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Any thread, immutable: what an exception of the client library or a reason code of the broker means to a person, and
 * what can be done about it.
 *
 * @param failureClass what can be done about it.
 * @param text         what happened and what would mend it, in one sentence.
 */
record Failure(FailureClass failureClass, String text) {
    /**
     * Explains an exception.
     *
     * @param thrown by the client library.
     * @param broker that we spoke with.
     */
    static Failure of(final Throwable thrown, final MqttBrokerOptions broker) {
        final Throwable cause = unwrap(thrown);
        if (cause instanceof Mqtt5ConnAckException e) {
            return refused(e.getMqttMessage(), broker);
        }
        if (cause instanceof Mqtt3ConnAckException e) {
            return refused(e.getMqttMessage().getReturnCode().name(), "", broker);
        }
        if (cause instanceof Mqtt5PubAckException e) {
            return publishRefused(e.getMqttMessage());
        }
        if (cause instanceof Mqtt5SubAckException || cause instanceof Mqtt3SubAckException) {
            return fatal("the broker at " + broker.address() + " refuses a subscription; allow the client to "
                + "subscribe to its filters");
        }
        if (cause instanceof Mqtt5DisconnectException e) {
            return disconnected(e, broker);
        }
        if (cause instanceof MqttEncodeException) {
            return new Failure(FailureClass.POISON, "the message cannot be sent: " + cause.getMessage());
        }
        return connection(cause, broker);
    }

    /** Whether a connection was closed as the broker sent more than it was allowed to. */
    static boolean isReceiveMaximumExceeded(final Throwable thrown) {
        return unwrap(thrown) instanceof Mqtt5DisconnectException e
            && e.getMqttMessage().getReasonCode() == Mqtt5DisconnectReasonCode.RECEIVE_MAXIMUM_EXCEEDED;
    }

    private static Throwable unwrap(final Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null &&
            (cause instanceof CompletionException || cause instanceof ExecutionException ||
                cause instanceof MqttSessionExpiredException || cause instanceof ConnectionFailedException ||
                cause instanceof ConnectionClosedException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static Failure refused(final Mqtt5ConnAck connAck, final MqttBrokerOptions broker) {
        final String reason = connAck.getReasonString().map(text -> " (" + text + ")").orElse("");
        return refused(connAck.getReasonCode().name(), reason, broker);
    }

    private static Failure refused(final String code, final String reason, final MqttBrokerOptions broker) {
        final String refused = "the broker at " + broker.address() + " refuses the login with " + code + reason;
        return switch (code) {
            case "BAD_USER_NAME_OR_PASSWORD", "NOT_AUTHORIZED" -> fatal(refused + "; check user and password"
                + broker.user().map(user -> " of user " + user).orElse(" (none are configured)"));
            case "CLIENT_IDENTIFIER_NOT_VALID", "IDENTIFIER_REJECTED" ->
                fatal(refused + "; choose a client-id that the broker allows");
            case "UNSUPPORTED_PROTOCOL_VERSION" -> fatal(refused + "; set version to "
                + (broker.version() == MqttBrokerOptions.MQTT_5 ? "3" : "5"));
            case "BANNED" -> fatal(refused + "; the broker bans this client");
            case "USE_ANOTHER_SERVER", "SERVER_MOVED" -> fatal(refused + "; configure the other broker's host");
            case "RETAIN_NOT_SUPPORTED", "QOS_NOT_SUPPORTED", "BAD_AUTHENTICATION_METHOD" -> fatal(refused);
            default -> retriable(refused);
        };
    }

    private static Failure publishRefused(final Mqtt5PubAck pubAck) {
        final String refused = "the broker refuses a message with " + pubAck.getReasonCode().name()
            + pubAck.getReasonString().map(text -> " (" + text + ")").orElse("");
        return switch (pubAck.getReasonCode()) {
            case NOT_AUTHORIZED -> fatal(refused + "; allow the user to publish to the topic");
            case TOPIC_NAME_INVALID, PAYLOAD_FORMAT_INVALID -> new Failure(FailureClass.POISON, refused);
            default -> retriable(refused);
        };
    }

    private static Failure disconnected(final Mqtt5DisconnectException e, final MqttBrokerOptions broker) {
        final String code = e.getMqttMessage().getReasonCode().name();
        final String closed = "the broker at " + broker.address() + " closed the connection with " + code
            + e.getMqttMessage().getReasonString().map(text -> " (" + text + ")").orElse("");
        return switch (code) {
            case "SESSION_TAKEN_OVER" ->
                retriable(closed + "; another client uses the same client-id: give each its own");
            case "RECEIVE_MAXIMUM_EXCEEDED" -> retriable("the broker at " + broker.address() + " sends more "
                + "unacknowledged messages than receive-maximum allows; raise receive-maximum to 65535");
            case "NOT_AUTHORIZED", "ADMINISTRATIVE_ACTION", "SERVER_MOVED", "USE_ANOTHER_SERVER",
                "RETAIN_NOT_SUPPORTED", "QOS_NOT_SUPPORTED" -> fatal(closed);
            default -> retriable(closed);
        };
    }

    private static Failure connection(final Throwable cause, final MqttBrokerOptions broker) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof CertificateException || t instanceof java.security.cert.CertPathValidatorException ||
                t instanceof java.security.cert.CertPathBuilderException) {
                return fatal("the certificate of the broker at " + broker.address() + " is not trusted: "
                    + t.getMessage() + "; give its authority in tls.trust-certificates");
            }
        }
        if (cause instanceof SSLException) {
            return retriable("no TLS with the broker at " + broker.address() + ": " + cause.getMessage()
                + "; is this its TLS port, and does it want a client certificate?");
        }
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return retriable("host " + broker.host() + " is not known; check host and the name service");
        }
        if (cause instanceof ConnectException) {
            return retriable("nothing answers at " + broker.address() + " (" + cause.getMessage()
                + "); is the broker running, and are host and port right?");
        }
        if (cause instanceof TimeoutException) {
            return retriable("the broker at " + broker.address() + " does not answer in time");
        }
        final String detail = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return retriable("no connection with the broker at " + broker.address() + ": " + detail);
    }

    private static Failure retriable(final String text) {
        return new Failure(FailureClass.RETRIABLE, text);
    }

    private static Failure fatal(final String text) {
        return new Failure(FailureClass.FATAL, text);
    }
}
