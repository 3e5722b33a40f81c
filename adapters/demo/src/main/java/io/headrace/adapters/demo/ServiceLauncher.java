package io.headrace.adapters.demo;

import io.headrace.bus.latency.Stage;
import io.headrace.bus.service.ServiceStatus;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the demonstration runs a service in a process of its own, and asks it. The command line knows that; the
 * demonstration does not know the command line. Called by the thread that runs the demonstration.
 */
public interface ServiceLauncher {
    /**
     * The command line of a service that ends when its standard input does, so that it never outlives this process.
     *
     * @param configuration the file to run.
     * @param jvmOptions    further options of its JVM.
     * @return the program and its arguments.
     */
    List<String> command(Path configuration, List<String> jvmOptions);

    /**
     * Looks for the address at which the service is controlled in a line that it has printed.
     *
     * @param line of its output.
     * @return the address, if the line tells it.
     */
    Optional<URI> control(String line);

    /**
     * Asks how the service is.
     *
     * @param control the address.
     * @return the status.
     * @throws IOException          when it does not answer.
     * @throws InterruptedException when the waiting thread is interrupted.
     */
    ServiceStatus status(URI control) throws IOException, InterruptedException;

    /**
     * Asks for the latencies since the service's start.
     *
     * @param control the address.
     * @return histograms of nanoseconds by flow and stage, the caller's to keep.
     * @throws IOException          when it does not answer.
     * @throws InterruptedException when the waiting thread is interrupted.
     */
    Map<String, Map<Stage, Histogram>> latencies(URI control) throws IOException, InterruptedException;
}
