package io.headrace.adapters.cli;

import io.headrace.bus.log.LogException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;

/** Turns what a command threw into one sentence on stderr and an exit code. Called on the main thread. */
final class FailureReport implements IParameterExceptionHandler, IExecutionExceptionHandler {
    @Override
    public int handleParseException(final ParameterException exception, final String[] args) {
        final CommandLine command = exception.getCommandLine();
        final PrintWriter err = command.getErr();
        if (Arrays.asList(args).contains(StandardOptions.VERBOSE)) {
            exception.printStackTrace(err);
        }
        err.println("headrace: " + sentence(message(exception)) + suggestion(exception) +
            " See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.INVALID;
    }

    private static String message(final ParameterException exception) {
        if (exception instanceof final UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
            && !exception.getCommandLine().getSubcommands().isEmpty()) {
            return "There is no command '" + unmatched.getUnmatched().get(0) + "'";
        }
        return exception.getMessage();
    }

    private static String suggestion(final ParameterException exception) {
        if (exception instanceof final UnmatchedArgumentException unmatched) {
            final List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                return " Did you mean " + String.join(" or ", suggestions) + "?";
            }
        }
        return "";
    }

    @Override
    public int handleExecutionException(
        final Exception exception, final CommandLine command, final ParseResult parseResult) {
        final PrintWriter err = command.getErr();
        if (isVerbose(parseResult)) {
            exception.printStackTrace(err);
        }
        if (exception instanceof final CommandException failure) {
            err.println("headrace: " + failure.getMessage());
            return failure.exitCode();
        }
        if (exception instanceof final LogException failure) {
            err.println("headrace: " + sentence(failure.getMessage()));
            return ExitCode.FAILED;
        }
        return internalError(exception, isVerbose(parseResult), err);
    }

    int handleError(final Error error, final CommandLine command, final String... args) {
        final boolean verbose = Arrays.asList(args).contains(StandardOptions.VERBOSE);
        if (verbose) {
            error.printStackTrace(command.getErr());
        }
        return internalError(error, verbose, command.getErr());
    }

    private static int internalError(final Throwable failure, final boolean verbose, final PrintWriter err) {
        err.println("headrace: Internal error: " + sentence(failure.toString()) +
            (verbose ? "" : " Run again with " + StandardOptions.VERBOSE + " for the stack trace."));
        err.flush();
        return ExitCode.INTERNAL;
    }

    private static boolean isVerbose(final ParseResult parseResult) {
        return parseResult.hasMatchedOption(StandardOptions.VERBOSE)
            || parseResult.hasSubcommand() && isVerbose(parseResult.subcommand());
    }

    private static String sentence(final String message) {
        final String text = message == null ? "No details" : message.strip();
        return text.endsWith(".") || text.endsWith("?") || text.endsWith("!") ? text : text + ".";
    }
}
