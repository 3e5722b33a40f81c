package io.headrace.adapters.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads a file of the sink as its reader would: line by line, each a whole JSON object. */
final class SequencesOfFile {
    private static final JsonFactory FACTORY = new JsonFactory();

    private SequencesOfFile() {
    }

    static List<Long> read(final Path file) throws IOException {
        final List<Long> sequences = new ArrayList<>();
        final String text = text(file);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            throw new IOException(file + " does not end with a complete line");
        }
        try (BufferedReader lines = new BufferedReader(new StringReader(text))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                sequences.add(sequence(line));
            }
        }
        return sequences;
    }

    private static String text(final Path file) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
            InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
            InputStreamReader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            final StringBuilder text = new StringBuilder();
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                text.append((char)c);
            }
            return text.toString();
        }
    }

    private static long sequence(final String line) throws IOException {
        long sequence = -1;
        try (JsonParser parser = FACTORY.createParser(line)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME && parser.currentName().equals("sequence") && sequence < 0) {
                    parser.nextToken();
                    sequence = parser.getLongValue();
                }
            }
        }
        return sequence;
    }
}
