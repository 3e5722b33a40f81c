package io.headrace.adapters.cli.report;

/**
 * One line of a report and how much it asks for attention. Immutable.
 *
 * @param text      of the line.
 * @param attention how it is shown where colours can be.
 */
record StatusLine(String text, Attention attention) {
    /** How much a line asks for attention. */
    enum Attention {
        /** None. */
        PLAIN,
        /** It names what stands below. */
        HEADING,
        /** A person should look at it. */
        WARNING,
        /** A person must look at it. */
        ALARM
    }
}
