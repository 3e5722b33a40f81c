package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import io.headrace.bus.adapter.Secret;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * The thread that starts the service or runs a command, no state: reads certificates and keys from files, so that a
 * wrong file is told before anything starts.
 */
final class Tls {
    private static final Pattern PRIVATE_KEY = Pattern.compile(
        "-----BEGIN (ENCRYPTED )?PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END (?:ENCRYPTED )?PRIVATE KEY-----");
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519", "Ed448");
    private static final String ALIAS = "client";

    private Tls() {
    }

    /**
     * Reads what the options name.
     *
     * @throws IllegalArgumentException when a file cannot be used, with what would mend it.
     */
    static MqttClientSslConfig config(final MqttTlsOptions options, final Duration timeout) {
        final var builder = MqttClientSslConfig.builder()
            .handshakeTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .trustManagerFactory(trust(options))
            .keyManagerFactory(keys(options));
        if (!options.protocols().isEmpty()) {
            builder.protocols(options.protocols());
        }
        if (!options.verifyHostname()) {
            builder.hostnameVerifier((host, session) -> true);
        }
        return builder.build();
    }

    private static TrustManagerFactory trust(final MqttTlsOptions options) {
        if (options.trustCertificates().isEmpty() && options.trustStore().isEmpty()) {
            return null;
        }
        final String option = options.trustStore().isPresent() ? "trust-store" : "trust-certificates";
        final String file = options.trustStore().or(options::trustCertificates).orElseThrow();
        try {
            final KeyStore store;
            if (options.trustStore().isPresent()) {
                store = load(file, options.trustStorePassword());
            } else {
                store = emptyStore();
                int count = 0;
                for (final Certificate certificate : certificates(file)) {
                    store.setCertificateEntry("authority-" + count++, certificate);
                }
            }
            final TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (final GeneralSecurityException | IOException e) {
            throw unusable(option, file, e);
        }
    }

    private static KeyManagerFactory keys(final MqttTlsOptions options) {
        if (options.keyStore().isEmpty() && options.certificate().isEmpty()) {
            return null;
        }
        final String option = options.keyStore().isPresent() ? "key-store" : "certificate";
        final String file = options.keyStore().or(options::certificate).orElseThrow();
        try {
            final KeyStore store;
            final char[] password;
            if (options.keyStore().isPresent()) {
                store = load(file, options.keyStorePassword());
                password = characters(options.keyStorePassword());
            } else {
                store = emptyStore();
                password = new char[0];
                store.setKeyEntry(
                    ALIAS,
                    privateKey(options.privateKey().orElseThrow(), options.privateKeyPassword()),
                    password,
                    certificates(file).toArray(new Certificate[0]));
            }
            final KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, password);
            return factory;
        } catch (final GeneralSecurityException | IOException e) {
            throw unusable(option, file, e);
        }
    }

    private static KeyStore load(final String file, final Optional<Secret> password)
        throws GeneralSecurityException, IOException {
        // KeyStore.getInstance(File, char[]) finds out by itself whether it is PKCS12 or JKS.
        return KeyStore.getInstance(Path.of(file).toFile(), characters(password));
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static char[] characters(final Optional<Secret> password) {
        return password.map(secret -> secret.value().toCharArray()).orElseGet(() -> new char[0]);
    }

    private static Collection<? extends Certificate> certificates(final String file)
        throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            final Collection<? extends Certificate> certificates =
                CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new GeneralSecurityException("it holds no certificate in PEM");
            }
            return certificates;
        }
    }

    private static PrivateKey privateKey(final String file, final Optional<Secret> password) {
        try {
            final Matcher matcher = PRIVATE_KEY.matcher(Files.readString(Path.of(file), StandardCharsets.US_ASCII));
            if (!matcher.find()) {
                throw new GeneralSecurityException(
                    "it holds no private key in PKCS#8; convert it with: openssl pkcs8 -topk8 -in OLD -out NEW");
            }
            final byte[] der = Base64.getMimeDecoder().decode(matcher.group(2));
            return key(matcher.group(1) == null ? new PKCS8EncodedKeySpec(der) : decrypted(der, password));
        } catch (final GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw unusable("private-key", file, e);
        }
    }

    private static PKCS8EncodedKeySpec decrypted(final byte[] der, final Optional<Secret> password)
        throws GeneralSecurityException, IOException {
        if (password.isEmpty()) {
            throw new GeneralSecurityException("it is encrypted; give private-key-password");
        }
        final EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
        // For PBES2 the algorithm's name is in its parameters only.
        final String algorithm = info.getAlgName().equals("PBES2") || info.getAlgName().startsWith("1.2.840") ?
            info.getAlgParameters().toString() : info.getAlgName();
        final Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
            Cipher.DECRYPT_MODE,
            SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(characters(password))),
            info.getAlgParameters());
        return info.getKeySpec(cipher);
    }

    private static PrivateKey key(final PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
        for (final String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (final InvalidKeySpecException e) {
                // Not of this algorithm: the next one is tried, and in the end the key is refused.
                continue;
            }
        }
        throw new GeneralSecurityException("its algorithm is none of " + KEY_ALGORITHMS);
    }

    private static IllegalArgumentException unusable(final String option, final String file, final Exception cause) {
        final String reason = cause instanceof java.nio.file.NoSuchFileException ||
            cause instanceof java.io.FileNotFoundException ? "there is no such file" : cause.getMessage();
        return new IllegalArgumentException(option + "=" + file + " cannot be used: " + reason, cause);
    }
}
