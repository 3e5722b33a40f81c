package io.headrace.client.link;

import io.aeron.ExclusivePublication;
import io.headrace.codecs.sbe.link.LinkAliveEncoder;
import io.headrace.codecs.sbe.link.LinkByeEncoder;
import io.headrace.codecs.sbe.link.LinkHelloEncoder;
import io.headrace.codecs.sbe.link.LinkProofEncoder;
import io.headrace.codecs.sbe.link.LinkRole;
import io.headrace.codecs.sbe.link.MessageHeaderEncoder;
import org.agrona.ExpandableArrayBuffer;

/** Whoever holds the connection's lock: encodes what a caller says to open, keep and end a link. */
final class LinkProxy {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final LinkHelloEncoder hello = new LinkHelloEncoder();
    private final LinkProofEncoder proof = new LinkProofEncoder();
    private final LinkAliveEncoder alive = new LinkAliveEncoder();
    private final LinkByeEncoder bye = new LinkByeEncoder();

    long hello(
        final ExclusivePublication publication, final long linkId, final LinkRole role, final String name,
        final int answerPort, final int answerStreamId) {
        hello.wrapAndApplyHeader(buffer, 0, header)
            .linkId(linkId)
            .protocolVersion(LinkProtocol.VERSION)
            .role(role)
            .answerPort(answerPort)
            .answerStreamId(answerStreamId)
            .name(name);
        return offer(publication, hello.encodedLength());
    }

    long proof(final ExclusivePublication publication, final long linkId, final byte[] bytes) {
        proof.wrapAndApplyHeader(buffer, 0, header).linkId(linkId).putProof(bytes, 0, bytes.length);
        return offer(publication, proof.encodedLength());
    }

    long alive(final ExclusivePublication publication, final long linkId) {
        alive.wrapAndApplyHeader(buffer, 0, header).linkId(linkId);
        return offer(publication, alive.encodedLength());
    }

    long bye(final ExclusivePublication publication, final long linkId) {
        bye.wrapAndApplyHeader(buffer, 0, header).linkId(linkId);
        return offer(publication, bye.encodedLength());
    }

    private long offer(final ExclusivePublication publication, final int bodyBytes) {
        return publication.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyBytes);
    }
}
