package io.headrace.adapters.json;

/** Any thread: checks bytes against the table of well-formed sequences in the Unicode standard (section 3.9). */
final class Utf8 {
    private static final int ASCII_END = 0x80;
    private static final int CONTINUATION_MASK = 0xC0;

    private Utf8() {
    }

    static boolean isValid(final byte[] bytes, final int lengthBytes) {
        int i = 0;
        while (i < lengthBytes) {
            final int first = bytes[i] & 0xFF;
            if (first < ASCII_END) {
                i++;
                continue;
            }
            final int sequenceLength = sequenceLength(first);
            if (sequenceLength == 0 || sequenceLength > lengthBytes - i || !secondFits(first, bytes[i + 1] & 0xFF)) {
                return false;
            }
            for (int k = 2; k < sequenceLength; k++) {
                if ((bytes[i + k] & CONTINUATION_MASK) != ASCII_END) {
                    return false;
                }
            }
            i += sequenceLength;
        }
        return true;
    }

    static boolean hasControls(final byte[] bytes, final int lengthBytes) {
        for (int i = 0; i < lengthBytes; i++) {
            if (bytes[i] >= 0 && bytes[i] < ' ' || bytes[i] == 0x7F) {
                return true;
            }
        }
        return false;
    }

    private static int sequenceLength(final int first) {
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    }

    /** The second byte is where overlong forms, surrogates and what lies past U+10FFFF show. */
    private static boolean secondFits(final int first, final int second) {
        final int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        final int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        return second >= low && second <= high;
    }
}
