package io.headrace.client.link;

import io.aeron.Aeron;

/**
 * The media driver that links go through, with a client of it. Given its turns by one thread, the link thread; leases
 * may be taken and given back by others.
 */
public interface LinkTransport extends AutoCloseable {
    /**
     * Takes the client into use. As long as it is not given back its memory stays mapped, also when its driver is gone.
     *
     * @return a lease, or null while no driver answers.
     */
    Lease lease();

    /** {@return the amount of work done in one turn of what is ours of driver and client} */
    int doWork();

    /** {@return what a person can do while there is no lease} */
    String remedy();

    @Override
    void close();

    /** The use of one client. */
    interface Lease {
        /** {@return the client} */
        Aeron aeron();

        /** {@return false when the driver is gone, or another one has taken its place: give it back} */
        boolean isGood();

        /** Gives it back, once, when nothing of the client is touched any more. */
        void giveBack();
    }
}
