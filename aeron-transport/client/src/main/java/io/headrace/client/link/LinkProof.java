package io.headrace.client.link;

import io.headrace.codecs.sbe.link.LinkRole;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Functions, for any thread: how a caller shows that it knows the secret without saying it. The proof is the
 * HMAC-SHA-256 (RFC 2104) of nonce, link id (little endian) and role under the secret's UTF-8 bytes, so that it is good
 * for this one link only.
 */
public final class LinkProof {
    /** Length of a nonce. */
    public static final int NONCE_BYTES = 32;
    /** Length of a proof. */
    public static final int PROOF_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private LinkProof() {
    }

    /**
     * Makes the proof.
     *
     * @param secret that both sides know, not empty.
     * @param nonce  of the challenge.
     * @param linkId of the link.
     * @param role   that its hello named.
     * @return {@value #PROOF_BYTES} bytes.
     */
    public static byte[] of(final String secret, final byte[] nonce, final long linkId, final LinkRole role) {
        try {
            final Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update(nonce);
            mac.update(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(linkId).flip());
            mac.update((byte)role.value());
            return mac.doFinal();
        } catch (final NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /**
     * Checks a proof, in a time that does not depend on where it is wrong.
     *
     * @param secret that both sides know.
     * @param nonce  of the challenge.
     * @param linkId of the link.
     * @param role   that its hello named.
     * @param proof  that was given, of any length.
     * @return whether it is right.
     */
    public static boolean matches(
        final String secret, final byte[] nonce, final long linkId, final LinkRole role, final byte[] proof) {
        return MessageDigest.isEqual(of(secret, nonce, linkId, role), proof);
    }
}
