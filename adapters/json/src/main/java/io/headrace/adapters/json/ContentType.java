package io.headrace.adapters.json;

import java.util.Locale;

/** Any thread: what a body of a media type may be written as. */
enum ContentType {
    /** JSON text. */
    JSON,
    /** Other text in UTF-8. */
    TEXT,
    /** Bytes. */
    BINARY;

    static ContentType of(final String mediaType) {
        final String lower = mediaType.toLowerCase(Locale.ROOT);
        final int parameters = lower.indexOf(';');
        final String type = (parameters < 0 ? lower : lower.substring(0, parameters)).trim();
        if (parameters >= 0 && hasOtherCharset(lower.substring(parameters))) {
            return BINARY;
        }
        if (type.equals("application/json") || type.equals("text/json") || type.endsWith("+json")) {
            return JSON;
        }
        return type.startsWith("text/") || type.equals("application/xml") || type.endsWith("+xml") ? TEXT : BINARY;
    }

    private static boolean hasOtherCharset(final String parameters) {
        final String compact = parameters.replace("\"", "").replace(" ", "");
        final int at = compact.indexOf(";charset=");
        if (at < 0) {
            return false;
        }
        final String rest = compact.substring(at + ";charset=".length());
        final int end = rest.indexOf(';');
        final String charset = end < 0 ? rest : rest.substring(0, end);
        return !charset.equals("utf-8") && !charset.equals("utf8") && !charset.equals("us-ascii");
    }
}
