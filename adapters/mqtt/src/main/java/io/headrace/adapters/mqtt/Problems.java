package io.headrace.adapters.mqtt;

import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.CheckedOptions.OptionProblem;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Any thread, no state: the problems of options and of the options within them, for whoever makes an adapter without
 * the service, which has looked at each record by itself.
 */
final class Problems {
    private Problems() {
    }

    static List<OptionProblem> of(final MqttSourceOptions options) {
        final List<OptionProblem> problems = ofBroker(options.broker());
        options.subscriptions().forEach(subscription -> problems.addAll(subscription.problems()));
        options.rules().forEach(rule -> problems.addAll(rule.problems()));
        problems.addAll(options.problems());
        return problems;
    }

    static List<OptionProblem> of(final MqttSinkOptions options) {
        final List<OptionProblem> problems = ofBroker(options.broker());
        problems.addAll(options.problems());
        return problems;
    }

    private static List<OptionProblem> ofBroker(final MqttBrokerOptions broker) {
        final List<OptionProblem> problems = new ArrayList<>(broker.problems());
        broker.tls().map(CheckedOptions::problems).ifPresent(problems::addAll);
        return problems;
    }

    /**
     * Refuses options that have problems.
     *
     * @throws IllegalArgumentException that tells all of them.
     */
    static void refuse(final List<OptionProblem> problems) {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.stream()
                .map(problem -> problem.option() + ": " + problem.message() + " (" + problem.remedy() + ")")
                .collect(Collectors.joining("; ")));
        }
    }
}
