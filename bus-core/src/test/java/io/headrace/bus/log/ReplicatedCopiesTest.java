package io.headrace.bus.log;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ReplicatedCopiesTest {
    private static ReplicatedCopies leader(final int copies) {
        final ReplicatedCopies made = new ReplicatedCopies(copies, false, -1, false);
        made.onRecorded(1000);
        return made;
    }

    @Test
    void shouldWaitForAsManyReplicasAsAreWanted() {
        final ReplicatedCopies copies = leader(2);
        copies.onReplica("a", 500);
        assertEquals(-1, copies.replicatedSequence().get());
        copies.onReplica("b", 300);
        assertEquals(299, copies.replicatedSequence().get());
        copies.onReplica("c", 400);
        assertEquals(399, copies.replicatedSequence().get(), "a and c have it");
    }

    @Test
    void shouldNotGoBackWhenAReplicaIsGoneAndNotBeAheadOfTheOwnLog() {
        final ReplicatedCopies copies = leader(1);
        copies.onReplica("a", 500);
        copies.onReplica("a", -1);
        assertEquals(499, copies.replicatedSequence().get());
        copies.onReplica("b", 300);
        assertEquals(499, copies.replicatedSequence().get());
        copies.onReplica("b", 5000);
        assertEquals(1000, copies.replicatedSequence().get());
        copies.onRecorded(1500);
        assertEquals(1500, copies.replicatedSequence().get());
    }

    @Test
    void shouldCountAReplicaItselfUntilItLeads() {
        final ReplicatedCopies copies = new ReplicatedCopies(1, true, 99, false);
        assertEquals(99, copies.replicatedSequence().get());
        copies.onRecorded(200);
        assertEquals(200, copies.replicatedSequence().get());
        copies.lead();
        copies.onRecorded(300);
        assertEquals(200, copies.replicatedSequence().get());
        copies.onReplica("a", 251);
        assertEquals(250, copies.replicatedSequence().get());
    }

    @Test
    void shouldRefuseNoCopies() {
        assertThrows(IllegalArgumentException.class, () -> leader(0));
    }
}
