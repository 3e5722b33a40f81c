package io.headrace.adapters.demo;

import org.agrona.collections.LongArrayList;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class IdentityCheckTest {
    private final PublishedLog published = new PublishedLog();

    private IdentityCheck check(final long... found) {
        final IdentityCheck check = new IdentityCheck(published);
        for (final long identity : found) {
            check.found(identity);
        }
        return check;
    }

    private void publish(final long... identities) {
        final LongArrayList taken = new LongArrayList();
        for (final long identity : identities) {
            taken.addLong(identity);
        }
        published.add(taken);
    }

    @Test
    void shouldFindNothingWrongWhenEachArrivedOnceInAnyOrder() {
        // -1 is how a deleted row of the number 1 is told, and what Agrona's sets hold apart.
        publish(1, 2, -1, 0);
        final IdentityCheck check = check(2, 0, -1, 1);
        assertEquals(4, check.published());
        assertEquals(4, check.delivered());
        assertEquals(0, check.lost());
        assertEquals(0, check.duplicates());
        assertEquals(0, check.unexpected());
    }

    @Test
    void shouldTellALossFromADuplicateAlthoughTheCountsAreEqual() {
        publish(1, 2, 3);
        final IdentityCheck check = check(1, 1, 3);
        assertEquals(3, check.delivered());
        assertEquals(1, check.lost());
        assertEquals(1, check.duplicates());
        assertEquals(0, check.unexpected());
    }

    @Test
    void shouldCountWhatWasNeverPublishedEachTime() {
        publish(1);
        final IdentityCheck check = check(1, 7, 7);
        check.foundUnknown();
        assertEquals(3, check.unexpected());
        assertEquals(0, check.duplicates());
        assertEquals(0, check.lost());
        assertEquals(4, check.delivered());
    }

    @Test
    void shouldRefuseALoadThatNumbersTwice() {
        publish(1, 2);
        publish(2);
        assertThrows(IllegalStateException.class, published::identities);
    }

    @Test
    void shouldGrowWithALongLoad() {
        for (int i = 0; i < 10_000; i++) {
            published.add(i);
        }
        assertEquals(10_000, published.count());
        assertEquals(10_000, check().lost());
    }
}
