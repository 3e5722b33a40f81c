package io.headrace.adapters.cli;

import io.headrace.bus.subscription.StartPosition;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads places in an event log as configurations write them. Used by picocli on the main thread. */
final class StartPositionConverter implements ITypeConverter<StartPosition> {
    @Override
    public StartPosition convert(final String value) {
        try {
            return StartPosition.parse(value);
        } catch (final IllegalArgumentException e) {
            throw new TypeConversionException(
                "'" + value + "' is no place in an event log: " + e.getMessage() + ". " + StartPosition.REMEDY);
        }
    }
}
