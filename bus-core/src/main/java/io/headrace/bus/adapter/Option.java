package io.headrace.bus.adapter;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one option: a component of an options record. In a configuration its name is the component's in kebab
 * case ({@code slotName} is written {@code slot-name}). It may be a {@code String}, {@code boolean}, {@code int},
 * {@code long}, {@code double}, an enum (constants written in kebab case), {@link java.time.Duration} ({@code 250ms},
 * {@code 5s}, {@code 1h}), {@link ByteSize} ({@code 64KiB}, {@code 1MiB}), {@link Secret}, another options record, or
 * an {@code Optional}, {@code List} or {@code Map} (with {@code String} keys) of these. An option without a default is
 * required, unless it is an {@code Optional}, a {@code List}, a {@code Map} or a record that can be made from its own
 * defaults.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
    /** Stands for "no default". */
    String NONE = "\0";

    /**
     * What the option does, its unit and its range, in one to three sentences; shown in the reference documentation.
     *
     * @return the description.
     */
    String value();

    /**
     * The default, as it would be written in a configuration.
     *
     * @return the default, or {@link #NONE}.
     */
    String defaultValue() default NONE;

    /**
     * A typical value, as it would be written in a configuration.
     *
     * @return the example, or an empty string.
     */
    String example() default "";

    /**
     * The smallest allowed value of a number, duration or size, as it would be written in a configuration; for a list
     * or a map the smallest number of entries, which makes it a required option unless it is 0.
     *
     * @return the minimum, or an empty string for no bound.
     */
    String min() default "";

    /**
     * The largest allowed value of a number, duration or size, as it would be written in a configuration; for a list
     * or a map the largest number of entries.
     *
     * @return the maximum, or an empty string for no bound.
     */
    String max() default "";
}
