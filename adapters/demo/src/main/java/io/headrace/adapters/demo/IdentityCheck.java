package io.headrace.adapters.demo;

import org.agrona.collections.LongHashSet;

/**
 * Matches what was found in a target with what was published, one by one. Owned by the thread that compares.
 */
final class IdentityCheck {
    private final LongHashSet awaited;
    private final LongHashSet found = new LongHashSet();
    private final long publishedCount;
    private long deliveredCount;
    private long duplicateCount;
    private long unexpectedCount;
    private long differingCount;

    IdentityCheck(final PublishedLog published) {
        awaited = published.identities();
        publishedCount = awaited.size();
    }

    /** Something was found that may be one of those published. */
    void found(final long identity) {
        deliveredCount++;
        if (!awaited.contains(identity)) {
            unexpectedCount++;
        } else if (!found.add(identity)) {
            duplicateCount++;
        }
    }

    /** Something was found that has no identity at all. */
    void foundUnknown() {
        deliveredCount++;
        unexpectedCount++;
    }

    /** What was found last is not what was sent under its identity. */
    void differs() {
        differingCount++;
    }

    long published() {
        return publishedCount;
    }

    long delivered() {
        return deliveredCount;
    }

    long lost() {
        return publishedCount - found.size();
    }

    long duplicates() {
        return duplicateCount;
    }

    long unexpected() {
        return unexpectedCount;
    }

    long differing() {
        return differingCount;
    }
}
