package io.headrace.aeron.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A process with a bus on a real archive and a server of links, which publishes as fast as it can until it is killed,
 * or the process that started it ends. It says at which port it listens.
 */
final class CrashingLeader {
    /** In front of the port, as its log goes to the standard output, too. */
    static final String PORT = "listens at port ";
    private static final int BURST_COUNT = 100;
    private static final int PAYLOAD_BYTES = 24;

    private CrashingLeader() {
    }

    /** Arguments: folder, first number. */
    public static void main(final String[] args) {
        try (LinkFixture fixture = new LinkFixture(Path.of(args[0]), 1 << 14).serve(null, 4)) {
            System.out.println(PORT + fixture.address().getPort());
            final Thread watch = new Thread(CrashingLeader::endWithTheInput);
            watch.setDaemon(true);
            watch.start();
            for (long number = Long.parseLong(args[1]); watch.isAlive(); number += BURST_COUNT) {
                fixture.publish("erp.item", number, number + BURST_COUNT, PAYLOAD_BYTES);
            }
        }
    }

    /** Nothing is written to it: it ends with the process that holds the other end. */
    private static void endWithTheInput() {
        try {
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
