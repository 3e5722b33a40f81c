package io.headrace.aeron.link;

import io.headrace.client.link.LinkMessage;
import io.headrace.codecs.sbe.link.LinkHelloDecoder;
import io.headrace.codecs.sbe.link.LinkRole;

import java.util.regex.Pattern;

/**
 * What a hello says, checked. Immutable.
 *
 * @param linkId          chosen by the caller.
 * @param protocolVersion that it speaks.
 * @param role            what it wants.
 * @param answerPort      UDP port at its address; 0 over IPC.
 * @param answerStreamId  chosen by the caller.
 * @param name            of it.
 */
record LinkHello(
    long linkId, int protocolVersion, LinkRole role, int answerPort, int answerStreamId, String name) {

    /** It stands in counters, in status and in log lines; that of a publisher also in the event log. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final int MAX_PORT = 0xFFFF;

    /** Null when something in it cannot be. */
    static LinkHello of(final LinkMessage message, final boolean ipc) {
        final LinkHelloDecoder decoder = new LinkHelloDecoder().wrap(
            message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
        final LinkRole role = decoder.role();
        final String name = message.dataText();
        final int port = decoder.answerPort();
        final boolean valid = role != LinkRole.NULL_VAL && role != LinkRole.SBE_UNKNOWN
            && NAME.matcher(name).matches() && (ipc ? port == 0 : port > 0 && port <= MAX_PORT);
        return valid ? new LinkHello(
            decoder.linkId(), decoder.protocolVersion(), role, port, decoder.answerStreamId(), name) : null;
    }
}
