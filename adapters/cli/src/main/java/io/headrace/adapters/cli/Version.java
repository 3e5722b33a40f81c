package io.headrace.adapters.cli;

import picocli.CommandLine.IVersionProvider;

/** What is running, and on what. Safe for any thread. */
final class Version implements IVersionProvider {
    static String headrace() {
        final String version = HeadraceCommand.class.getPackage().getImplementationVersion();
        return version == null ? "(not from a distribution)" : version;
    }

    static String java() {
        return System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vm.name") + ", " +
            System.getProperty("java.vendor") + ")";
    }

    static String operatingSystem() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + " " +
            System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors() + " cores";
    }

    @Override
    public String[] getVersion() {
        return new String[] {"headrace " + headrace()};
    }
}
