package io.headrace.bus.service.config;

import io.headrace.bus.adapter.ByteSize;

import java.time.Duration;
import java.util.Optional;

/** The range of an option's values, or of the number of its entries. Immutable. */
final class Bounds {
    private final OptionDescriptor descriptor;
    private final boolean countsEntries;
    private final Optional<Object> min;
    private final Optional<Object> max;

    private Bounds(
        final OptionDescriptor descriptor,
        final boolean countsEntries,
        final Optional<Object> min,
        final Optional<Object> max) {
        this.descriptor = descriptor;
        this.countsEntries = countsEntries;
        this.min = min;
        this.max = max;
    }

    static Bounds of(final OptionDescriptor descriptor) throws BadValueException {
        final OptionKind kind = descriptor.type().value().kind();
        final boolean countsEntries = kind == OptionKind.LIST || kind == OptionKind.MAP;
        return new Bounds(descriptor, countsEntries,
            parse(descriptor, descriptor.min(), countsEntries), parse(descriptor, descriptor.max(), countsEntries));
    }

    private static Optional<Object> parse(
        final OptionDescriptor descriptor, final Optional<String> bound, final boolean countsEntries)
        throws BadValueException {
        if (bound.isEmpty()) {
            return Optional.empty();
        }
        final OptionType type = descriptor.type().value();
        if (countsEntries) {
            return Optional.of(Long.valueOf(bound.get()));
        }
        return switch (type.kind()) {
            case INT, LONG, DOUBLE, DURATION, BYTE_SIZE -> Optional.of(ScalarParser.parse(type, bound.get()));
            default -> throw new BadValueException(
                "has a bound, but is a " + type.text(), "Bound only numbers, durations, sizes, lists and maps");
        };
    }

    void check(final Object value) throws BadValueException {
        if (!countsEntries) {
            checkRange(value, "is below the minimum of ", "is above the maximum of ", "");
        }
    }

    void checkEntries(final long entryCount) throws BadValueException {
        if (countsEntries) {
            checkRange(entryCount,
                "has fewer entries than the minimum of ", "has more entries than the maximum of ", " entries");
        }
    }

    private void checkRange(final Object value, final String below, final String above, final String unit)
        throws BadValueException {
        if (min.isPresent() && compare(value, min.get()) < 0) {
            throw new BadValueException(below + descriptor.min().get(), remedy(unit));
        }
        if (max.isPresent() && compare(value, max.get()) > 0) {
            throw new BadValueException(above + descriptor.max().get(), remedy(unit));
        }
    }

    private String remedy(final String unit) {
        if (descriptor.max().isEmpty()) {
            return "Give at least " + descriptor.min().orElseThrow() + unit;
        }
        if (descriptor.min().isEmpty()) {
            return "Give at most " + descriptor.max().get() + unit;
        }
        return "Give " + descriptor.min().get() + " to " + descriptor.max().get() + unit;
    }

    private static int compare(final Object a, final Object b) {
        if (a instanceof Integer x && b instanceof Integer y) {
            return Integer.compare(x, y);
        }
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (a instanceof Double x && b instanceof Double y) {
            return Double.compare(x, y);
        }
        if (a instanceof Duration x && b instanceof Duration y) {
            return x.compareTo(y);
        }
        if (a instanceof ByteSize x && b instanceof ByteSize y) {
            return Long.compare(x.bytes(), y.bytes());
        }
        throw new IllegalArgumentException("values of different types: " + a.getClass() + ", " + b.getClass());
    }
}
