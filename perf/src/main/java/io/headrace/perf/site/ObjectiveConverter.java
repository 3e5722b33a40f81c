package io.headrace.perf.site;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations as configurations write them. Used by picocli on the main thread. */
final class ObjectiveConverter implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8})(us|ms|s)");
    private static final Map<String, ChronoUnit> UNITS =
        Map.of("us", ChronoUnit.MICROS, "ms", ChronoUnit.MILLIS, "s", ChronoUnit.SECONDS);

    @Override
    public Duration convert(final String value) {
        final Matcher form = FORM.matcher(value);
        if (!form.matches()) {
            throw new TypeConversionException("'" + value + "' is no duration; write it as 500us, 50ms or 1s");
        }
        return Duration.of(Long.parseLong(form.group(1)), UNITS.get(form.group(2)));
    }
}
