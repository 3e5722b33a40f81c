package io.headrace.adapters.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** Asks a person before something is given up for good. Used on the main thread; holds no state. */
final class Confirmation {
    private Confirmation() {
    }

    /**
     * Asks, and waits for a line.
     *
     * @param question to be answered with yes or no.
     * @param in       where the answer comes from.
     * @param err      where the question goes.
     * @throws CommandException when the answer is not yes, or nobody answers.
     */
    static void require(final String question, final InputStream in, final PrintWriter err) throws CommandException {
        err.print(question + " [yes/no] ");
        err.flush();
        final String answer;
        try {
            answer = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset())).readLine();
        } catch (final IOException e) {
            throw unanswered(e);
        }
        if (answer == null) {
            err.println();
            throw unanswered(null);
        }
        if (!"yes".equals(answer.strip())) {
            throw new CommandException(ExitCode.FAILED, "Nothing was changed.");
        }
    }

    private static CommandException unanswered(final IOException cause) {
        return new CommandException(
            ExitCode.INVALID, "Nobody answers, and nothing was changed. Give --yes to do it without asking.", cause);
    }
}
