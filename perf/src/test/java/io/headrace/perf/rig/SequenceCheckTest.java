package io.headrace.perf.rig;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;

class SequenceCheckTest {
    private static SequenceCheck after(final long... numbers) {
        final SequenceCheck check = new SequenceCheck();
        for (final long number : numbers) {
            check.onNumber(number);
        }
        return check;
    }

    private static void assertFound(
        final SequenceCheck check, final long sentCount, final long lost, final long duplicates,
        final long outOfOrder) {
        assertEquals(lost, check.lost(sentCount), "lost");
        assertEquals(duplicates, check.duplicates(), "duplicates");
        assertEquals(outOfOrder, check.outOfOrder(), "outOfOrder");
    }

    @Test
    void shouldFindNothingInASoundStream() {
        assertFound(after(0, 1, 2, 3), 4, 0, 0, 0);
        assertEquals(4, after(0, 1, 2, 3).received());
    }

    @Test
    void shouldCountWhatIsMissingAtTheBeginningInTheMiddleAndAtTheEnd() {
        assertFound(after(1, 2, 5), 8, 5, 0, 0);
    }

    @Test
    void shouldTellALateEventFromADoubledOne() {
        assertFound(after(0, 2, 1, 3), 4, 0, 0, 1);
        assertFound(after(0, 1, 1, 2), 3, 0, 1, 0);
        assertFound(after(0, 3, 1, 1, 2), 4, 0, 1, 2);
    }

    @Test
    void shouldAgreeWithASetOfNumbersOnAnyStream() {
        for (int seed = 0; seed < 200; seed++) {
            final Random random = new Random(seed);
            final int sentCount = 1 + random.nextInt(60);
            final List<Long> stream = new ArrayList<>();
            for (long number = 0; number < sentCount; number++) {
                for (int copies = random.nextInt(8) == 0 ? random.nextInt(3) : 1; copies > 0; copies--) {
                    stream.add(number);
                }
            }
            for (int i = 0; i + 1 < stream.size(); i++) {
                if (random.nextInt(10) == 0) {
                    Collections.swap(stream, i, i + 1);
                }
            }
            final SequenceCheck check = new SequenceCheck();
            final Set<Long> seen = new HashSet<>();
            long highest = -1;
            long duplicates = 0;
            long outOfOrder = 0;
            for (final long number : stream) {
                check.onNumber(number);
                if (!seen.add(number)) {
                    duplicates++;
                } else if (number < highest) {
                    outOfOrder++;
                }
                highest = Math.max(highest, number);
            }
            assertFound(check, sentCount, sentCount - seen.size(), duplicates, outOfOrder);
            assertEquals(seen.size(), check.received(), "seed=" + seed);
        }
    }
}
