package io.headrace.bus.service.config;

import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Secret;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whose recording the bus follows, as a replica: the part {@code follow} of the section {@code bus}. Immutable.
 *
 * @param leaders where the leader may be.
 * @param secret  that both sides know.
 */
public record FollowOptions(
    @Option(value = "Where the leader may be: the addresses at which those services listen that may lead. They are" +
        " asked one after the other until one says that it leads.", min = "1", max = "64",
        example = "[\"10.0.0.7:7730\"]")
    List<String> leaders,
    @Option("The `listen.secret` of the leader.")
    Optional<Secret> secret) implements CheckedOptions {
    /** Copies the list. */
    public FollowOptions {
        leaders = List.copyOf(leaders);
    }

    @Override
    public List<OptionProblem> problems() {
        final List<OptionProblem> problems = new ArrayList<>();
        leaders.forEach(leader -> LinkAddress.check("leaders", leader, false, problems));
        return problems;
    }

    /** {@return the addresses of the leaders} */
    public List<InetSocketAddress> leaderAddresses() {
        return leaders.stream().map(LinkAddress::resolve).toList();
    }
}
