package io.headrace.adapters.cli;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Hosts that are network namespaces of this machine, each linked to a bridge over a pair of virtual devices, and over
 * another pair to this process alone, so that it can be asked also while its link is down. Needs root; owned by the
 * test's thread.
 */
final class TestNetwork implements AutoCloseable {
    private static final int SUBNETS = 200;
    private static final int FIRST_HOST = 10;

    private final String tag = Long.toString(ProcessHandle.current().pid() % 46_656, 36);
    private final String bridge = "hr" + tag + "b";
    private final int subnet = (int)(ProcessHandle.current().pid() % SUBNETS);
    private final int hosts;

    /** Makes the network; the test is skipped where that is not permitted. */
    TestNetwork(final int hosts) throws IOException, InterruptedException {
        this.hosts = hosts;
        close();
        skipUnless(run("ip", "link", "add", bridge, "type", "bridge"));
        try {
            require("ip", "addr", "add", leaderAddress() + "/24", "dev", bridge);
            require("ip", "link", "set", bridge, "up");
            for (int host = 0; host < hosts; host++) {
                addHost(host);
            }
        } catch (final IOException e) {
            close();
            throw e;
        }
    }

    private static void skipUnless(final Outcome outcome) {
        Assumptions.assumeTrue(outcome.exitCode() == 0,
            "SKIPPED: this test makes network namespaces, which needs root and the program ip, and is not permitted"
            + " here: " + outcome.output().strip());
    }

    private void addHost(final int host) throws IOException, InterruptedException {
        final Outcome added = run("ip", "netns", "add", name(host));
        if (added.exitCode() != 0) {
            close();
            skipUnless(added);
        }
        require("ip", "-n", name(host), "link", "set", "lo", "up");
        link(host, dataDevice(host), address(host) + "/24");
        require("ip", "link", "set", dataDevice(host), "master", bridge);
        link(host, controlDevice(host), controlAddress(host) + "/30");
        require("ip", "addr", "add", "10." + (subnet + 1) + "." + (100 + host) + ".1/30", "dev", controlDevice(host));
    }

    private void link(final int host, final String device, final String address)
        throws IOException, InterruptedException {
        require("ip", "link", "add", device, "type", "veth", "peer", "name", device + "p");
        require("ip", "link", "set", device + "p", "netns", name(host));
        require("ip", "link", "set", device, "up");
        require("ip", "-n", name(host), "addr", "add", address, "dev", device + "p");
        require("ip", "-n", name(host), "link", "set", device + "p", "up");
    }

    private String name(final int host) {
        return "hr" + tag + "h" + host;
    }

    private String dataDevice(final int host) {
        return "hr" + tag + "d" + host;
    }

    private String controlDevice(final int host) {
        return "hr" + tag + "c" + host;
    }

    /** {@return where this process is reached from all hosts} */
    String leaderAddress() {
        return "10." + (subnet + 1) + ".0.1";
    }

    String address(final int host) {
        return "10." + (subnet + 1) + ".0." + (FIRST_HOST + host);
    }

    /** {@return where a host is reached from this process alone, also while its link is down} */
    String controlAddress(final int host) {
        return "10." + (subnet + 1) + "." + (100 + host) + ".2";
    }

    /** {@return what to put in front of a command that runs at a host} */
    List<String> at(final int host) {
        return List.of("ip", "netns", "exec", name(host));
    }

    /** Takes the cable out at the bridge: nothing in the host is told but that the carrier is gone. */
    void cut(final int host) throws IOException, InterruptedException {
        require("ip", "link", "set", dataDevice(host), "down");
    }

    /** Switches the device in the host off, with its routes: sending fails there. */
    void switchOff(final int host) throws IOException, InterruptedException {
        require("ip", "-n", name(host), "link", "set", dataDevice(host) + "p", "down");
    }

    /** Mends both. */
    void mend(final int host) throws IOException, InterruptedException {
        require("ip", "link", "set", dataDevice(host), "up");
        require("ip", "-n", name(host), "link", "set", dataDevice(host) + "p", "up");
    }

    private static void require(final String... command) throws IOException, InterruptedException {
        final Outcome outcome = run(command);
        if (outcome.exitCode() != 0) {
            throw new IOException(String.join(" ", command) + ": " + outcome.output());
        }
    }

    /** How a program ended, and what it said. */
    private record Outcome(int exitCode, String output) {
    }

    private static Outcome run(final String... command) throws InterruptedException {
        try {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output);
        } catch (final IOException e) {
            return new Outcome(-1, e.getMessage());
        }
    }

    /** Removes everything, also what an earlier process of the same number has left; what is not there is no fault. */
    @Override
    public void close() {
        final List<String[]> commands = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
            commands.add(new String[] {"ip", "link", "del", dataDevice(host)});
            commands.add(new String[] {"ip", "link", "del", controlDevice(host)});
            commands.add(new String[] {"ip", "netns", "del", name(host)});
        }
        commands.add(new String[] {"ip", "link", "del", bridge});
        try {
            for (final String[] command : commands) {
                run(command);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
