package io.headrace.adapters.mqtt;

import io.headrace.adapters.mqtt.MqttRuleOptions.ValueKind;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The thread of the source's event loop: a payload that is nothing but the value, as text in UTF-8. */
final class TextReadingParser implements ReadingParser {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final ValueKind kind;

    TextReadingParser(final ValueKind kind) {
        this.kind = kind;
    }

    @Override
    public void parse(final byte[] bytes, final int length, final ReadingDraft draft) {
        final CharBuffer chars = CharBuffer.allocate(length);
        decoder.reset();
        final CoderResult result = decoder.decode(ByteBuffer.wrap(bytes, 0, length), chars, true);
        if (result.isError()) {
            draft.misfit("the payload is not text in UTF-8");
            return;
        }
        final String text = chars.flip().toString();
        final String stripped = text.strip();
        if (kind == ValueKind.TEXT) {
            Scalars.value(text, kind, draft);
        } else if (stripped.isEmpty()) {
            draft.misfit("the payload is empty");
        } else if (kind == ValueKind.AUTO) {
            Scalars.bare(stripped, draft);
        } else {
            Scalars.value(stripped, kind, draft);
        }
    }
}
