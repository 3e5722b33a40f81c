package io.headrace.bus.adapter;

import java.util.List;

/** An options record with rules that concern more than one option, or more than a range. */
public interface CheckedOptions {
    /**
     * Checks the rules.
     *
     * @return every problem found; empty when there is none.
     */
    List<OptionProblem> problems();

    /**
     * One thing that is wrong.
     *
     * @param option  the name of the component that it concerns; or a path to something inside it, as
     *                {@code tables[2].target}, for an entry of a list, a map or a record; or an empty string for the
     *                whole record.
     * @param message what is wrong.
     * @param remedy  what would be right.
     */
    record OptionProblem(String option, String message, String remedy) {
    }
}
