package io.headrace.bus.link;

import java.util.List;

/** Lets other processes link to a bus. Made and closed by the service; the rest is for any thread. */
public interface LinkServer extends AutoCloseable {
    /** {@return where it listens, with the port it was given, as {@code host:port}} */
    String address();

    /** {@return the links that are open, in the order in which they were opened} */
    List<LinkStatus> links();

    /** Tells those who are linked, and closes. */
    @Override
    void close();
}
