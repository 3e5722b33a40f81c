package io.headrace.perf.rig;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * The main thread of an arm's JVM. Arguments: scenario, comparison, arm, pair, the file with the settings, the folder
 * for what it finds, the folder for what is deleted afterwards.
 */
public final class ArmMain {
    static final String RESULT = "result.json";
    static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ArmMain() {
    }

    /**
     * Runs the arm once.
     *
     * @param args as described above.
     * @throws Exception when the result cannot be written.
     */
    public static void main(final String[] args) throws Exception {
        final long beginNs = System.nanoTime();
        final Settings settings = JSON.readValue(Path.of(args[4]).toFile(), Settings.class);
        final Path folder = Path.of(args[5]);
        final ArmRun run = new ArmRun(settings, Integer.parseInt(args[3]), folder, Path.of(args[6]));
        try {
            scenario(args[0]).comparisons(settings).stream().filter(c -> c.name().equals(args[1])).findFirst()
                .orElseThrow().arm(args[2]).body().measure(run);
        } catch (final Exception e) {
            e.printStackTrace();
            run.fail(e.toString());
        }
        final double tookSeconds = (System.nanoTime() - beginNs) / 1e9;
        JSON.writeValue(folder.resolve(RESULT).toFile(), run.result(args[0], args[1], args[2], tookSeconds));
        // What an arm leaves running, it leaves to this.
        System.exit(0);
    }

    /**
     * Finds a scenario.
     *
     * @param id of it, in either case.
     * @return the scenario.
     */
    public static Scenario scenario(final String id) {
        return ServiceLoader.load(Scenario.class).stream().map(ServiceLoader.Provider::get)
            .filter(scenario -> scenario.id().equalsIgnoreCase(id)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("There is no scenario '" + id + "'."));
    }
}
