package io.headrace.bus.adapter;

/**
 * What a preflight check found.
 *
 * @param check  what was looked at, for example {@code wal_level}.
 * @param status how it is.
 * @param found  what was found.
 * @param remedy the exact statement, setting or command that mends it; empty when the status is {@link Status#OK}.
 */
public record PreflightFinding(String check, Status status, String found, String remedy) {
    /** How a checked thing is. */
    public enum Status {
        /** As it should be. */
        OK,
        /** The adapter works, but a person should know. */
        WARNING,
        /** The adapter cannot work. */
        FAILED
    }

    /**
     * Something is as it should be.
     *
     * @param check what was looked at.
     * @param found what was found.
     * @return the finding.
     */
    public static PreflightFinding ok(final String check, final String found) {
        return new PreflightFinding(check, Status.OK, found, "");
    }

    /**
     * The adapter works, but a person should know.
     *
     * @param check  what was looked at.
     * @param found  what was found.
     * @param remedy what mends it.
     * @return the finding.
     */
    public static PreflightFinding warning(final String check, final String found, final String remedy) {
        return new PreflightFinding(check, Status.WARNING, found, remedy);
    }

    /**
     * The adapter cannot work.
     *
     * @param check  what was looked at.
     * @param found  what was found.
     * @param remedy what mends it.
     * @return the finding.
     */
    public static PreflightFinding failed(final String check, final String found, final String remedy) {
        return new PreflightFinding(check, Status.FAILED, found, remedy);
    }
}
