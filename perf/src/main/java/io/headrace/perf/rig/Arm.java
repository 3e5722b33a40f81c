package io.headrace.perf.rig;

import java.util.List;

/**
 * Immutable: one of the things compared. Its body runs in a JVM of its own.
 *
 * @param name       short and in lower case.
 * @param role       in its comparison.
 * @param body       what it does.
 * @param jvmOptions that it needs beyond those of all arms.
 */
public record Arm(String name, Role role, Body body, List<String> jvmOptions) {

    /** What an arm stands for. */
    public enum Role {
        /** What the figure is about. */
        SUBJECT,
        /** What it is divided by; it runs twice in each pair, and the second time is the control. */
        BASELINE,
        /** What stands beside it. */
        PEER
    }

    /** The main thread of the arm's JVM. */
    @FunctionalInterface
    public interface Body {
        /**
         * Measures.
         *
         * @param run that takes the figures.
         * @throws Exception when it could not; the arm has failed then.
         */
        void measure(ArmRun run) throws Exception;
    }

    /**
     * One of ours.
     *
     * @param name of the arm.
     * @param body what it does.
     * @return the arm.
     */
    public static Arm subject(final String name, final Body body) {
        return new Arm(name, Role.SUBJECT, body, List.of());
    }

    /**
     * The one that the control is taken from.
     *
     * @param name of the arm.
     * @param body what it does.
     * @return the arm.
     */
    public static Arm baseline(final String name, final Body body) {
        return new Arm(name, Role.BASELINE, body, List.of());
    }

    /**
     * A further one to compare with.
     *
     * @param name of the arm.
     * @param body what it does.
     * @return the arm.
     */
    public static Arm peer(final String name, final Body body) {
        return new Arm(name, Role.PEER, body, List.of());
    }

    /**
     * The same with further options for its JVM.
     *
     * @param options as the command line takes them.
     * @return the arm.
     */
    public Arm withJvmOptions(final List<String> options) {
        return new Arm(name, role, body, List.copyOf(options));
    }
}
