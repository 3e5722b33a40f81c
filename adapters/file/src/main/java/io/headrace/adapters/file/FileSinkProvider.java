package io.headrace.adapters.file;

import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.SinkProvider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes file sinks. Called on the thread that starts the service or that runs a command. */
public final class FileSinkProvider implements SinkProvider<FileSinkOptions> {
    /** Made by the service loader. */
    public FileSinkProvider() {
    }

    @Override
    public String type() {
        return "file";
    }

    @Override
    public String description() {
        return "Appends events to files as JSON lines, in Headrace's own form or in Debezium's envelope.";
    }

    @Override
    public Class<FileSinkOptions> optionsType() {
        return FileSinkOptions.class;
    }

    /** One lane, as there is one file; no transactions, as a file has none. */
    @Override
    public SinkCapabilities capabilities(final FileSinkOptions options) {
        return new SinkCapabilities(1, false, SinkCapabilities.Redelivery.DISCARDED);
    }

    @Override
    public Sink createSink(final FileSinkOptions options, final SinkContext context) {
        return new FileSink(options, context);
    }

    @Override
    public List<PreflightFinding> preflight(final FileSinkOptions options) {
        final Path directory = Path.of(options.directory());
        final List<PreflightFinding> findings = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            findings.add(PreflightFinding.failed(
                "directory", directory + " does not exist", "mkdir -p '" + directory.toAbsolutePath() + "'"));
            return findings;
        }
        findings.add(PreflightFinding.ok("directory", directory + " exists"));
        findings.add(Files.isWritable(directory) ?
            PreflightFinding.ok("permission", "files can be made in it") :
            PreflightFinding.failed(
                "permission",
                "this user cannot make files in " + directory,
                "chown " + System.getProperty("user.name") + " '" + directory.toAbsolutePath() + "'"));
        findings.add(freeSpace(directory, options.rotateBytes().bytes()));
        return findings;
    }

    private static PreflightFinding freeSpace(final Path directory, final long neededBytes) {
        try {
            final long freeBytes = Files.getFileStore(directory).getUsableSpace();
            final String found = freeBytes + " bytes are free";
            return freeBytes >= neededBytes ? PreflightFinding.ok("free space", found) : PreflightFinding.warning(
                "free space",
                found + ", less than one file of rotate-bytes=" + neededBytes,
                "free space on the disk of " + directory + ", or lower rotate-bytes");
        } catch (final IOException e) {
            return PreflightFinding.failed(
                "free space", "the file system of " + directory + " does not answer: " + e.getMessage(),
                "check that it is mounted");
        }
    }
}
