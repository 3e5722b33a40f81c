package io.headrace.perf.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;

/** Stateless: how figures are written, with as many digits as mean something. */
final class Json {
    private static final MathContext DIGITS = new MathContext(5);

    private Json() {
    }

    static ObjectMapper mapper() {
        final JsonSerializer<Double> rounded = new JsonSerializer<>() {
            @Override
            public void serialize(final Double value, final JsonGenerator out, final SerializerProvider serializers)
                throws IOException {
                if (Double.isNaN(value) || Double.isInfinite(value)) {
                    out.writeNull();
                } else {
                    out.writeNumber(new BigDecimal(value).round(DIGITS).toPlainString());
                }
            }
        };
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).registerModule(
            new SimpleModule().addSerializer(Double.class, rounded).addSerializer(Double.TYPE, rounded));
    }
}
