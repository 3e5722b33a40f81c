package io.headrace.adapters.mqtt;

import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Secret;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How to speak TLS with a broker. Immutable. Without any option, the certificate authorities of the Java runtime are
 * trusted and no certificate of our own is shown.
 *
 * @param trustCertificates   PEM file of authorities to trust.
 * @param trustStore          key store file of authorities to trust.
 * @param trustStorePassword  of that key store.
 * @param certificate         PEM file of our certificate chain.
 * @param privateKey          PEM file of our private key.
 * @param privateKeyPassword  of that private key.
 * @param keyStore            key store file with our certificate and key.
 * @param keyStorePassword    of that key store.
 * @param protocols           TLS versions to allow.
 * @param verifyHostname      whether the broker's certificate must name the host.
 */
public record MqttTlsOptions(
    @Option(value = "PEM file with the certificate authorities to trust, or the broker's own certificate.",
        example = "/etc/headrace/broker-ca.pem")
    Optional<String> trustCertificates,
    @Option(value = "Key store file (PKCS12 or JKS) with the certificate authorities to trust.",
        example = "/etc/headrace/trust.p12")
    Optional<String> trustStore,
    @Option("Password of the trust store.")
    Optional<Secret> trustStorePassword,
    @Option(value = "PEM file with our certificate, followed by its intermediate authorities, for brokers that ask "
        + "for client certificates.", example = "/etc/headrace/client.pem")
    Optional<String> certificate,
    @Option(value = "PEM file with the private key of our certificate, in PKCS#8.",
        example = "/etc/headrace/client-key.pem")
    Optional<String> privateKey,
    @Option("Password of the private key, when it is encrypted.")
    Optional<Secret> privateKeyPassword,
    @Option(value = "Key store file (PKCS12 or JKS) with our certificate and its private key.",
        example = "/etc/headrace/client.p12")
    Optional<String> keyStore,
    @Option("Password of the key store and of the key in it.")
    Optional<Secret> keyStorePassword,
    @Option(value = "TLS versions to allow; the Java runtime's defaults when empty.", example = "[TLSv1.3]")
    List<String> protocols,
    @Option(value = "Whether the broker's certificate must name the configured host. Turn it off for tests only.",
        defaultValue = "true")
    boolean verifyHostname) implements CheckedOptions {

    /** Keeps its own copy of the list. */
    public MqttTlsOptions {
        protocols = List.copyOf(protocols);
    }

    @Override
    public List<OptionProblem> problems() {
        final List<OptionProblem> problems = new ArrayList<>();
        if (trustCertificates.isPresent() && trustStore.isPresent()) {
            problems.add(new OptionProblem("trustStore", "trust-certificates and trust-store are both given",
                "give one of the two"));
        }
        if (certificate.isPresent() != privateKey.isPresent()) {
            problems.add(new OptionProblem(certificate.isPresent() ? "privateKey" : "certificate",
                "certificate and private-key belong together", "give both, or a key-store instead"));
        }
        if (certificate.isPresent() && keyStore.isPresent()) {
            problems.add(new OptionProblem("keyStore", "certificate and key-store are both given",
                "give one of the two"));
        }
        if (trustStorePassword.isPresent() && trustStore.isEmpty()) {
            problems.add(new OptionProblem("trustStorePassword", "there is no trust-store to open with it",
                "give trust-store, or leave the password out"));
        }
        if (keyStorePassword.isPresent() && keyStore.isEmpty()) {
            problems.add(new OptionProblem("keyStorePassword", "there is no key-store to open with it",
                "give key-store, or leave the password out"));
        }
        return problems;
    }
}
