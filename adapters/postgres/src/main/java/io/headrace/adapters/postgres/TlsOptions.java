package io.headrace.adapters.postgres;

import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Secret;

import java.util.Optional;

/**
 * Any thread, immutable: encryption of the connections.
 *
 * @param mode              how much is asked for.
 * @param rootCertificate   of the authority that is trusted.
 * @param clientCertificate to show to the server.
 * @param clientKey         of that certificate.
 * @param clientKeyPassword of that key.
 */
public record TlsOptions(
    @Option(
        value = "How much encryption is asked for. Only verify-full protects against another server in between.",
        defaultValue = "prefer")
    Mode mode,
    @Option(value = "File with the certificates of the authorities that are trusted, in PEM.", example = "root.crt")
    Optional<String> rootCertificate,
    @Option(value = "File with the certificate to show to the server, in PEM or PKCS-12.", example = "client.crt")
    Optional<String> clientCertificate,
    @Option(value = "File with that certificate's key, in PKCS-8 DER or PKCS-12.", example = "client.pk8")
    Optional<String> clientKey,
    @Option("Password of that key.")
    Optional<Secret> clientKeyPassword) {

    /** The modes of PostgreSQL's own clients. */
    public enum Mode {
        /** No encryption. */
        DISABLE,
        /** Encryption if the server offers it. */
        PREFER,
        /** Encryption, with any server. */
        REQUIRE,
        /** Encryption, with a server whose certificate a trusted authority signed. */
        VERIFY_CA,
        /** Encryption, with a server whose certificate a trusted authority signed for the name connected to. */
        VERIFY_FULL
    }
}
