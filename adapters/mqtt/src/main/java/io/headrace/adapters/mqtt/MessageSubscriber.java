package io.headrace.adapters.mqtt;

import io.reactivex.FlowableSubscriber;
import org.reactivestreams.Subscription;

import java.util.function.Consumer;

/**
 * The thread of the source's event loop: takes all messages of a link as they come. The library may tell the end of a
 * session after the link was left, which is nothing to complain about.
 */
final class MessageSubscriber implements FlowableSubscriber<Object> {
    private final Consumer<Object> messages;
    private final Runnable end;
    private Subscription subscription;

    MessageSubscriber(final Consumer<Object> messages, final Runnable end) {
        this.messages = messages;
        this.end = end;
    }

    @Override
    public void onSubscribe(final Subscription offered) {
        subscription = offered;
        offered.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(final Object publish) {
        messages.accept(publish);
    }

    @Override
    public void onError(final Throwable cause) {
        end.run();
    }

    @Override
    public void onComplete() {
        end.run();
    }

    void cancel() {
        subscription.cancel();
    }
}
