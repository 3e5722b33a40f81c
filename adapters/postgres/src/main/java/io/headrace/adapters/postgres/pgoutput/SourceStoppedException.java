package io.headrace.adapters.postgres.pgoutput;

/** The source was closed, or its bus was, in the middle of its work: no failure. Made on the source's thread. */
public final class SourceStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Unwinds the source's thread; it has no stack trace, as nobody looks at it. */
    public SourceStoppedException() {
        super("the source was stopped", null, false, false);
    }
}
