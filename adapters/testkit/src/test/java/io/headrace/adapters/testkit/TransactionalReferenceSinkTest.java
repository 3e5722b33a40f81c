package io.headrace.adapters.testkit;

/** The reference sink that commits transactions keeps the whole contract of sinks, but what concerns lanes. */
class TransactionalReferenceSinkTest extends ReferenceSinkTest {
    @Override
    boolean transactions() {
        return true;
    }
}
