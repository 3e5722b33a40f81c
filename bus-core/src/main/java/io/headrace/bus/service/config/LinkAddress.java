package io.headrace.bus.service.config;

import io.headrace.bus.adapter.CheckedOptions.OptionProblem;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the addresses of services: {@code host}, {@code host:port} or {@code [ipv6]:port}. For any thread. */
final class LinkAddress {
    /** Where a service listens for links unless told otherwise. */
    static final int DEFAULT_PORT = 7730;

    private static final Pattern TEXT =
        Pattern.compile("(?:\\[([0-9A-Fa-f:.%a-z]+)]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?");
    private static final int MAX_PORT = 65_535;

    private LinkAddress() {
    }

    /** {@return the address, not yet looked up; empty for a text that is none} */
    private static Optional<InetSocketAddress> parse(final String text) {
        final Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        final String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        final int port = matcher.group(3) == null ? DEFAULT_PORT : Integer.parseInt(matcher.group(3));
        return port > MAX_PORT ? Optional.empty() : Optional.of(InetSocketAddress.createUnresolved(host, port));
    }

    /** Checks a text as the value of an option. */
    static void check(
        final String option, final String text, final boolean zeroAllowed, final List<OptionProblem> problems) {
        final Optional<InetSocketAddress> address = parse(text);
        if (address.isEmpty() || address.get().getPort() == 0 && !zeroAllowed) {
            problems.add(new OptionProblem(option, Names.shown(text) + " is no address of a service",
                "Write host:port, as 10.0.0.7:" + DEFAULT_PORT));
        }
    }

    /**
     * Looks an address up.
     *
     * @param text that was checked.
     * @return the address; unresolved when nobody knows the host now.
     */
    static InetSocketAddress resolve(final String text) {
        final InetSocketAddress address = parse(text).orElseThrow(
            () -> new IllegalArgumentException("address=" + text + " is no address of a service"));
        return new InetSocketAddress(address.getHostString(), address.getPort());
    }
}
