/**
 * Links to other processes over Aeron: where events come in from remote publishers, and where what is recorded goes out
 * to remote subscribers and replicas.
 *
 * <pre>
 *   remote publisher ──PublishEvent──▶ LinkIngress ─▶ PublisherTask ─▶ Publisher ─▶ ring
 *                    ◀─PublishAnswer──              (when published, recorded or replicated)
 *
 *   event log ─▶ LogReader ─▶ Feed ──FeedEvent──▶ remote subscriber, or LeaderLink ─▶ Follower ─▶ ring of the replica
 * </pre>
 *
 * One link thread for each server and each followed leader drives it all: a media driver of its own, the Aeron client
 * and the sessions. The log has another driver, which nobody outside the process can reach; so whatever a peer does, it
 * cannot hold up the recording.
 */
package io.headrace.aeron.link;
