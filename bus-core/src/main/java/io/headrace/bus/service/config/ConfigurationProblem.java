package io.headrace.bus.service.config;

import java.nio.file.Path;

/**
 * One thing that is wrong in a configuration, or that a person should know of. Immutable. No value of a secret is in
 * any of the texts.
 *
 * @param file    the configuration file.
 * @param line    where it is, from 1; 0 when the problem is with the file as a whole.
 * @param column  where it is in the line, from 1; 0 when the problem is with the file as a whole.
 * @param path    of the option, as {@code sinks.mirror.options.url}; empty for the file as a whole.
 * @param message what is wrong.
 * @param remedy  what would be right.
 */
public record ConfigurationProblem(Path file, int line, int column, String path, String message, String remedy) {
    /**
     * The problem in one line, in the form that editors and terminals make a link of.
     *
     * @return {@code file:line:column: path: message. remedy}
     */
    public String render() {
        final StringBuilder text = new StringBuilder().append(file).append(':');
        if (line > 0) {
            text.append(line).append(':').append(column).append(':');
        }
        text.append(' ');
        if (!path.isEmpty()) {
            text.append(path).append(": ");
        }
        text.append(message).append('.');
        if (!remedy.isEmpty()) {
            text.append(' ').append(remedy).append('.');
        }
        return text.toString();
    }
}
