package io.headrace.client.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headrace.codecs.sbe.link.LinkRole;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Run by JUnit's thread. */
class LinkProofTest {
    private static final int BLOCK_BYTES = 64;
    private final byte[] nonce = new byte[LinkProof.NONCE_BYTES];

    /** RFC 2104, written down a second time: H(key ^ opad, H(key ^ ipad, text)). */
    @Test
    void shouldBeTheHmacOfNonceLinkAndRole() throws NoSuchAlgorithmException {
        Arrays.fill(nonce, (byte)9);
        final byte[] key = Arrays.copyOf("secret".getBytes(StandardCharsets.UTF_8), BLOCK_BYTES);
        final MessageDigest inner = MessageDigest.getInstance("SHA-256");
        inner.update(xor(key, 0x36));
        inner.update(nonce);
        inner.update(new byte[] {1, 2, 0, 0, 0, 0, 0, 0});
        inner.update((byte)3);
        final MessageDigest outer = MessageDigest.getInstance("SHA-256");
        outer.update(xor(key, 0x5c));
        outer.update(inner.digest());

        final byte[] proof = LinkProof.of("secret", nonce, 0x0201, LinkRole.REPLICA);
        assertArrayEquals(outer.digest(), proof);
        assertEquals(LinkProof.PROOF_BYTES, proof.length);
    }

    private static byte[] xor(final byte[] key, final int pad) {
        final byte[] result = new byte[key.length];
        for (int i = 0; i < key.length; i++) {
            result[i] = (byte)(key[i] ^ pad);
        }
        return result;
    }

    @Test
    void shouldBeGoodForOneLinkOnly() {
        final byte[] proof = LinkProof.of("secret", nonce, 7, LinkRole.PUBLISHER);
        assertTrue(LinkProof.matches("secret", nonce, 7, LinkRole.PUBLISHER, proof));
        assertFalse(LinkProof.matches("Secret", nonce, 7, LinkRole.PUBLISHER, proof));
        assertFalse(LinkProof.matches("secret", nonce, 8, LinkRole.PUBLISHER, proof));
        assertFalse(LinkProof.matches("secret", nonce, 7, LinkRole.REPLICA, proof));
        assertFalse(LinkProof.matches("secret", nonce, 7, LinkRole.PUBLISHER, Arrays.copyOf(proof, 31)));
        assertFalse(LinkProof.matches("secret", nonce, 7, LinkRole.PUBLISHER, new byte[0]));
        nonce[31] = 1;
        assertFalse(LinkProof.matches("secret", nonce, 7, LinkRole.PUBLISHER, proof));
    }
}
