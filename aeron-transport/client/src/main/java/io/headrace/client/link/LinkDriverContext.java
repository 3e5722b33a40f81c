package io.headrace.client.link;

import org.agrona.ErrorHandler;
import org.agrona.concurrent.IdleStrategy;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a {@link LinkDriver} is.
 *
 * @param name       for the names of its threads and its folder; letters, digits and hyphens.
 * @param folder     for the driver's memory; chosen when empty.
 * @param threadIdle how a thread of the driver's own waits; empty: {@link LinkDriver#doWork()} drives it.
 * @param shared     whether other processes link through it, whose death it must see. Otherwise whoever dies dies with
 *                   the process, and no stall of a thread may look like it.
 * @param errors     gets what goes wrong; it should limit its rate.
 */
public record LinkDriverContext(
    String name,
    Optional<Path> folder,
    Optional<IdleStrategy> threadIdle,
    boolean shared,
    ErrorHandler errors) {
}
