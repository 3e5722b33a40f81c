package io.headrace.adapters.cli;

import io.headrace.adapters.cli.report.JsonText;
import io.headrace.bus.adapter.AdapterProvider;
import io.headrace.bus.adapter.SourceProvider;
import io.headrace.bus.service.config.AdapterRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/** {@code headrace adapters}. Runs on the main thread. */
@Command(name = "adapters", header = "List the adapters with their options.",
    description = "The options are shown as they are written in a configuration, below 'options' of a source or sink.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace adapters",
        "  headrace adapters postgres",
        "  headrace adapters --output json"})
final class AdaptersCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;

    @Parameters(arity = "0..1", paramLabel = "TYPE", description = "Only the adapters of this type.")
    private String type;

    @Override
    public Integer call() {
        final AdapterRegistry registry = AdapterRegistry.load();
        final List<AdapterProvider<?>> providers = new ArrayList<>(registry.sources());
        providers.addAll(registry.sinks());
        providers.sort(Comparator.comparing(AdapterProvider::type));
        final List<String> types = List.copyOf(new TreeSet<>(providers.stream().map(AdapterProvider::type).toList()));
        if (type != null) {
            providers.removeIf(provider -> !provider.type().equals(type));
            if (providers.isEmpty()) {
                throw new ParameterException(
                    spec.commandLine(), "There is no adapter '" + type + "', but " + String.join(", ", types) + ".");
            }
        }
        if (output.isJson()) {
            spec.commandLine().getOut().println(JsonText.pretty(json -> AdapterList.write(providers, json)));
        } else {
            AdapterList.print(providers, spec.commandLine().getOut());
        }
        return ExitCode.OK;
    }

    static String kind(final AdapterProvider<?> provider) {
        return provider instanceof SourceProvider ? "source" : "sink";
    }
}
