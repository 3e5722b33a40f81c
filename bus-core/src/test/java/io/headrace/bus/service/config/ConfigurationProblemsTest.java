package io.headrace.bus.service.config;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConfigurationProblemsTest {
    private static final String SOURCE = "sources: {erp: {type: feed, options: {host: h}}}\n";
    private static final String SINK = "sinks: {out: {type: print, topics: ['*']}}\n";

    /** A text, and what is wrong with it: "line:column path: message. remedy". */
    record Case(String yaml, String... expected) {
        @Override
        public String toString() {
            return String.join(" | ", expected);
        }
    }

    private static Case section(final String yaml, final String... expected) {
        return new Case(yaml + SOURCE + SINK, expected);
    }

    /** The options of the source begin on line 5, in column 7. */
    private static Case feed(final String options, final String... expected) {
        return new Case("sources:\n  erp:\n    type: feed\n    options:\n" + options.indent(6) + SINK, expected);
    }

    /** The options of the flow begin on line 5, in column 5. */
    private static Case flow(final String options, final String... expected) {
        return new Case(SOURCE + "sinks:\n  mirror:\n    type: print\n" + options.indent(4), expected);
    }

    private static Case store(final String flow, final String options, final String... expected) {
        return new Case(SOURCE + "sinks:\n  m:\n    type: store\n    topics: ['*']\n    " + flow + "\n    options:\n" +
            options.indent(6), expected);
    }

    static Stream<Case> whole() {
        return Stream.of(
            new Case("", "1:1 : the file is empty. Write the sections service, bus, sources and sinks"),
            new Case("# nothing\n---\n", "1:1 : the file is empty. Write the sections service, bus, sources and sinks"),
            new Case("[a]", "1:1 : expected the sections service, bus, sources and sinks, but found a list." +
                " Write one 'name: value' per line, indented below"),
            new Case("service: {}\nbus: x\nsources: [a]\nsinks:\n  a: b\n",
                "2:6 bus: expected a mapping, but found a single value." +
                " Write one 'name: value' per line, indented below",
                "3:10 sources: expected a mapping, but found a list." +
                " Write one 'name: value' per line, indented below",
                "5:6 sinks.a: expected a mapping with a type, but found a single value." +
                " Write one 'name: value' per line, indented below"),
            section("source: {}\nXYZ: 1\n",
                "1:1 source: unknown option 'source'. Did you mean 'sources'? Known: service, bus, sources, sinks",
                "2:1 XYZ: unknown option 'XYZ'. Known: service, bus, sources, sinks"),
            section("bus: {}\nbus: {}\n", "2:1 bus: 'bus' is given twice, first on line 1. Keep one of them"),
            section("[a]: b\n? {c: d}\n: e\n",
                "1:1 : a key must be a plain word, but is a list. Write 'name: value'",
                "2:3 : a key must be a plain word, but is a mapping. Write 'name: value'"),
            section("service: {name: Plant_1}\n",
                "1:17 service.name: 'Plant_1' is no valid name." +
                " Use lower-case letters, digits and hyphens, beginning with a letter or a digit"),
            section("bus:\n  capacity: 1000\n  slot-bytes: 65\n",
                "2:13 bus.capacity: '1000' is not a power of two. Give 512 or 1024",
                "3:15 bus.slot-bytes: '65' is not a power of two. Give 64 or 128"),
            section("bus: {listen: {address: 'a b', peers: ['x:0']}}\n",
                "1:25 bus.listen.address: 'a b' is no address of a service. Write host:port, as 10.0.0.7:7730",
                "1:39 bus.listen.peers: 'x:0' is no address of a service. Write host:port, as 10.0.0.7:7730"),
            section("bus: {follow: {leaders: ['x:70000']}}\n",
                "1:25 bus.follow.leaders: 'x:70000' is no address of a service. Write host:port, as 10.0.0.7:7730"),
            section("bus: {follow: {leaders: [x]}}\n",
                "1:15 bus.follow: a replica needs an event log, and the bus has none. Add bus.log with a path"),
            section("bus: {listen: {peers: [y]}, log: {path: x}, follow: {leaders: [x]}}\n",
                "1:23 bus.listen.peers: a replica asks nobody whether it may lead. Leave peers out, or follow"),
            new Case("bus: {log: {path: x}}\n" + SOURCE
                + "sinks:\n  m: {type: print, topics: ['*'], after: replicated}\n",
                "4:42 sinks.m.after: nobody can replicate this bus. Add bus.listen for replicas to follow, or give"
                    + " recorded"),
            section("bus: {capacity: 16777216, slot-bytes: 128}\n",
                "1:17 bus.capacity: 16777216 slots of 128 bytes are more than the 1073741824 bytes that a ring may" +
                " have. Give at most 8388608"),
            section("bus:\n  capacity: 32\n  slotBytes: 64\n  wait-profile: fast\n",
                "2:13 bus.capacity: '32' is below the minimum of 64. Give 64 to 16777216",
                "3:3 bus.slotBytes: unknown option 'slotBytes'. Did you mean 'slot-bytes'? Known: capacity," +
                " slot-bytes, wait-profile, producers, log, listen, follow, replicated-copies",
                "4:17 bus.wait-profile: 'fast' is not one of the possible values. Write one of eco, yield, spin"),
            new Case("bus: {producers: single}\nsources: {a: {type: feed, options: {host: h}}, b: {type: feed," +
                " options: {host: h}}}\n" + SINK,
                "1:18 bus.producers: several sources publish, but 'single' allows one thread only. Give multi"),
            new Case("sources:\n  Erp: {type: feed, options: {host: h}}\nsinks:\n  -x: {type: print, topics: [E*]}\n",
                "2:3 sources.Erp: 'Erp' is no valid name." +
                " Use lower-case letters, digits and hyphens, beginning with a letter or a digit",
                "4:3 sinks.-x: '-x' is no valid name." +
                " Use lower-case letters, digits and hyphens, beginning with a letter or a digit"),
            new Case("sources:\n  a: {type: fead}\n  b: {type: print}\n  c: {options: {}}\nsinks:\n" +
                "  d: {type: kafka, topics: ['*']}\n",
                "2:13 sources.a.type: unknown source type 'fead'. Did you mean 'feed'? Known: feed",
                "3:13 sources.b.type: 'print' is a sink, not a source. Known: feed",
                "4:3 sources.c.type: the required option 'type' is missing." +
                " Add the type of the adapter; 'headrace adapters' lists them",
                "6:13 sinks.d.type: unknown sink type 'kafka'. Known: print, store"),
            new Case("sources:\n  a: {type: feed, lanes: 2, options: {host: h}}\n",
                "2:19 sources.a.lanes: unknown option 'lanes'. Known: type, options"));
    }

    static Stream<Case> syntax() {
        final String remedy = "Look at the indentation, at the colons and quotes here and just above, and put values" +
            " with special characters into quotes";
        return Stream.of(
            new Case("a: b\n c: d\n", "2:3 : this is no valid YAML: mapping values are not allowed here. " + remedy),
            new Case("a:\n\t- b\n", "2:1 : this is no valid YAML: found character '\\t' that cannot start any token." +
                " Indent with spaces, not with tabs"),
            new Case("a: *hunter2\n",
                "1:4 : this is no valid YAML: an alias (*name) refers to no anchor (&name). " + remedy),
            new Case("a: !hunter2!x y\n",
                "1:4 : this is no valid YAML: a tag (!name) or an anchor (&name) is not right. " + remedy),
            new Case("a: [${X:y}]\n", "1:6 : this is no valid YAML: expected ',' or ']', but got {. " +
                "Put a value with ${...} that stands inside [..] or {..} into quotes"),
            new Case("a: b\n---\nc: d\n",
                "2:1 : this is no valid YAML: found another document. " + remedy),
            new Case("a: \u0007\n", "0:0 : this is no valid YAML: it cannot be parsed." +
                " Look for characters that cannot be printed, for %YAML lines, and for too many aliases"),
            new Case("a: " + "[".repeat(40), "1:35 : this is no valid YAML: mappings and lists stand more than 32" +
                " deep in each other. Nest mappings and lists less deeply"),
            new Case("a: &a []\nb: [" + "*a,".repeat(101) + "]\n",
                "0:0 : this is no valid YAML: more than 100 aliases." +
                " Look for characters that cannot be printed, for %YAML lines, and for too many aliases"));
    }

    static Stream<Case> options() {
        return Stream.of(
            feed("port: 1\n", "4:5 sources.erp.options.host: the required option 'host' is missing." +
                " Add host: feed.example.org (text)"),
            new Case("sources:\n  erp:\n    type: feed\n" + SINK,
                "2:3 sources.erp.options.host: the required option 'host' is missing." +
                " Add host: feed.example.org (text)"),
            feed("host: h\nport: 0\nretries: 1.5\nrows: 99999999999999999999\npart: 2\nsnapshot: yes\n",
                "6:13 sources.erp.options.port: '0' is below the minimum of 1. Give 1 to 65535",
                "7:16 sources.erp.options.retries: '1.5' is not a whole number. Write digits only, for example 16",
                "8:13 sources.erp.options.rows: '99999999999999999999' is too large for a whole number of 64 bits." +
                " Write at most 9223372036854775807",
                "9:13 sources.erp.options.part: '2' is above the maximum of 1. Give 0 to 1",
                "10:17 sources.erp.options.snapshot: 'yes' is neither true nor false. Write true or false"),
            feed("host: h\nretries: 3000000000\npart: NaN\nstatus-interval: 5\nbuffer: 64KB\nmode: FAST\n",
                "6:16 sources.erp.options.retries: '3000000000' is too large for a whole number of 32 bits." +
                " Write a number between -2147483648 and 2147483647",
                "7:13 sources.erp.options.part: 'NaN' is not a number. Write a decimal number, for example 0.2",
                "8:24 sources.erp.options.status-interval: '5' is not a duration. Write a number with its unit (ns," +
                " us, ms, s, m, h, d), for example 250ms, or ISO 8601 as PT1M30S",
                "9:15 sources.erp.options.buffer: '64KB' is not a size. Write bytes, or a number with KiB, MiB, GiB" +
                " or TiB, for example 64KiB",
                "10:13 sources.erp.options.mode: 'FAST' is not one of the possible values." +
                " Write one of fast, very-safe"),
            feed("host: h\npart: 1e999\nstatus-interval: -PT1S\nbuffer: 9999999TiB\nlimits: [1s, 999999d, x]\n",
                "6:13 sources.erp.options.part: '1e999' is too large for a number. Write a number below 1.7e308",
                "7:24 sources.erp.options.status-interval: '-PT1S' is negative. Write a duration from 0s",
                "8:15 sources.erp.options.buffer: '9999999TiB' is too large for a size. Write less than 8388608TiB",
                "9:20 sources.erp.options.limits[1]: '999999d' is too long for a duration." +
                " Write at most 106751d (292 years)",
                "9:29 sources.erp.options.limits[2]: 'x' is not a duration. Write a number with its unit (ns," +
                " us, ms, s, m, h, d), for example 250ms, or ISO 8601 as PT1M30S"),
            feed("host:\nport: {a: 1}\ntables: public\nlabels: [a]\ntls: x\n",
                "5:7 sources.erp.options.host: there is no value. Write a value (text), or remove the line",
                "6:13 sources.erp.options.port: expected a single value (whole number), but found a mapping." +
                " Write one value on the line, in quotes if it has special characters",
                "7:15 sources.erp.options.tables: expected a list of text, but found a single value." +
                " Write [a, b], or one value per line that begins with '- '",
                "8:15 sources.erp.options.labels: expected a map of text, but found a list." +
                " Write one 'name: value' per line, indented below",
                "9:12 sources.erp.options.tls: expected a mapping of options, but found a single value." +
                " Write one 'name: value' per line, indented below"),
            feed("host: !secret h\nlabels: {a: b, a: c}\ncolumns: {x: {too: y}, z: }\ntls: {trusts: y}\n",
                "5:13 sources.erp.options.host: expected a single value (text), but found a tag (!name)." +
                " Write one value on the line, in quotes if it has special characters",
                "6:22 sources.erp.options.labels.a: 'a' is given twice, first on line 6. Keep one of them",
                "7:17 sources.erp.options.columns.x.to: the required option 'to' is missing. Add to: (text)",
                "7:21 sources.erp.options.columns.x.too: unknown option 'too'. Did you mean 'to'?" +
                " Known: to, constant",
                "7:30 sources.erp.options.columns.z.to: the required option 'to' is missing. Add to: (text)",
                "8:13 sources.erp.options.tls.trusts: unknown option 'trusts'. Did you mean 'trust'?" +
                " Known: trust, names"),
            feed("host: ${NONE}\nport: ${NONE:x}\npassword: ${a b}\ntables: ['${X']\nmode: ${SECRET}\n",
                "5:13 sources.erp.options.host: the environment has no variable 'NONE'." +
                " Set it before the start, or give a default: ${NONE:default}",
                "6:13 sources.erp.options.port: the value of '${NONE:x}' is not a whole number." +
                " Write digits only, for example 16",
                "7:17 sources.erp.options.password: 'a b' is no name of an environment variable. Write ${NAME}," +
                " ${NAME:default} or ${file:PATH}, or '$${' for the characters '${' themselves",
                "8:16 sources.erp.options.tables[0]: '${' is not closed." +
                " Close it with '}', or write '$${' for the characters '${' themselves",
                "9:13 sources.erp.options.mode: the value of '${SECRET}' is not one of the possible values." +
                " Write one of fast, very-safe"));
    }

    static Stream<Case> flows() {
        return Stream.of(
            flow("lanes: 0\n",
                "3:3 sinks.mirror.topics: the required option 'topics' is missing." +
                " Add topics: [\"erp.public.*\"] (list of text)",
                "5:12 sinks.mirror.lanes: '0' is below the minimum of 1. Give 1 to 64"),
            flow("topics: []\nlane: 1\n",
                "5:13 sinks.mirror.topics: has fewer entries than the minimum of 1. Give 1 to 1024 entries",
                "6:5 sinks.mirror.lane: unknown option 'lane'. Did you mean 'lanes'? Known: type, options, topics," +
                " from, after, lanes, when-full, conflate-max-keys, batch, retry, circuit-breaker, on-poison," +
                " objective"),
            flow("topics: ['erp.*.x', ' ']\n",
                "5:13 sinks.mirror.topics: 'erp.*.x' has a '*' before its end." +
                " Write an exact name, or a prefix with one '*' at its end",
                "5:13 sinks.mirror.topics: a topic is empty. Name a topic, or write \"*\" for all"),
            flow("topics: ['*']\nwhen-full: drop\nbatch: {max-bytes: 2MiB, max-transaction-bytes: 1MiB}\n" +
                "retry: {initial: 1m, jitter: -0.1}\nobjective: {total-p99: 0s}\n",
                "6:16 sinks.mirror.when-full: 'drop' is not one of the possible values." +
                " Write one of block, drop-newest, conflate, evict",
                "7:53 sinks.mirror.batch.max-transaction-bytes: it is smaller than max-bytes." +
                " Give at least as much as max-bytes",
                "8:34 sinks.mirror.retry.jitter: '-0.1' is below the minimum of 0. Give 0 to 1",
                "9:28 sinks.mirror.objective.total-p99: '0s' is below the minimum of 1us. Give at least 1us"),
            flow("topics: ['*']\nlanes: 2\n",
                "6:12 sinks.mirror.lanes: '2' lanes are more than a sink of type print can have with these options." +
                " Give at most 1"),
            flow("topics: ['*']\noptions: {prefix: refuse}\n",
                "6:14 sinks.mirror.options: the adapter refuses its options: prefix=refuse is not possible." +
                " Mend the option that the message names"),
            store("lanes: 5", "url: u\npassword: p\n",
                "6:12 sinks.m.lanes: '5' lanes are more than a sink of type store can have with these options." +
                " Give at most 4"),
            store("lanes: 2", "url: u\npassword: p\nwhole-transactions: true\n",
                "6:12 sinks.m.lanes: a sink that takes whole transactions has one lane only, not '2'." +
                " Give 1, or turn whole transactions off in the options of the sink"),
            store("when-full: conflate", "url: u\npassword: p\nwhole-transactions: true\n",
                "6:16 sinks.m.when-full: events dropped would tear the transactions that the sink takes whole." +
                " Give block or evict, or turn whole transactions off in the options of the sink"),
            flow("topics: ['*']\ncircuit-breaker: {failures: 0, delay: 2m}\nretry: {max-duration: 1m}\n",
                "6:33 sinks.mirror.circuit-breaker.failures: '0' is below the minimum of 1. Give 1 to 1000000"),
            flow("topics: ['*']\ncircuit-breaker: {delay: 2m}\nretry: {max-duration: 1m}\n",
                "6:30 sinks.mirror.circuit-breaker.delay: it is not shorter than retry.max-duration, so that the flow" +
                " would stop after its first pause. Make it shorter, or leave retry.max-duration out"),
            store("lanes: 1", "url: ''\npassword: hunter2\n",
                "7:5 sinks.m.options: the options cannot be used: url= of password=*** is empty." +
                " Mend the option that the message names"),
            store("lanes: 1", "url: u\npassword: hunter2\nlow: 5\nhigh-mark: 3\n",
                "7:5 sinks.m.options: the marks are crossed. Swap them",
                "11:18 sinks.m.options.high-mark: is below low with password ***. Give more"),
            store("lanes: 1", "url: u\npassword: [hunter2]\n",
                "9:17 sinks.m.options.password: expected a single value (secret), but found a list." +
                " Write one value on the line, in quotes if it has special characters"));
    }

    static Stream<Case> log() {
        final String needsLog = ": it needs an event log, and the bus has none. Add bus.log with a path, or give ";
        return Stream.of(
            section("bus: {log: {}}\n", "1:7 bus.log.path: the required option 'path' is missing." +
                " Add path: /var/lib/headrace/plant-1 (text)"),
            section("bus:\n  log:\n    path: ' '\n    term-length: 1000KiB\n    segment-length: 512KiB\n" +
                "    retention: {size: 512KiB}\n    driver: external\n",
                "2:3 bus.log.driver-path: an external driver needs a driver-path." +
                " Give the folder of the media driver that runs on this host",
                "3:11 bus.log.path: no folder can have this name. Name a folder",
                "4:18 bus.log.term-length: 1000KiB is not a power of two. Give 512KiB or 1MiB",
                "5:21 bus.log.segment-length: it is shorter than term-length. Give at least as much as term-length",
                "6:23 bus.log.retention.size: it is less than two segments, of which one is written." +
                " Give at least 1MiB, or shorter segments"),
            section("bus:\n  log:\n    path: x\n    sync: always\n    term-length: 32KiB\n" +
                "    segment-length: 2GiB\n    retention: {age: 1s}\n",
                "4:11 bus.log.sync: 'always' is not one of the possible values. Write one of none, data",
                "5:18 bus.log.term-length: '32KiB' is below the minimum of 64KiB. Give 64KiB to 1GiB",
                "6:21 bus.log.segment-length: '2GiB' is above the maximum of 1GiB. Give 64KiB to 1GiB",
                "7:22 bus.log.retention.age: '1s' is below the minimum of 1m. Give at least 1m"),
            flow("topics: ['*']\nfrom: start\nafter: recorded\nwhen-full: evict\n",
                "6:11 sinks.mirror.from" + needsLog + "now",
                "7:12 sinks.mirror.after" + needsLog + "published",
                "8:16 sinks.mirror.when-full" + needsLog + "block"),
            flow("topics: ['*']\non-poison: park-key\n",
                "6:16 sinks.mirror.on-poison" + needsLog + "stop or skip"),
            new Case("bus: {log: {path: x}}\n" + SOURCE +
                "sinks: {out: {type: print, topics: ['*'], after: published, on-poison: park-event}}\n",
                "3:50 sinks.out.after: an event may be parked only when it is recorded itself: a crash could give its" +
                " sequence to another. Give recorded, or on-poison: stop or skip"),
            new Case("bus: {log: {path: x}}\n" + SOURCE + "sinks: {m: {type: store, topics: ['*']," +
                " on-poison: park-key, options: {url: u, password: p, whole-transactions: true}}}\n",
                "3:52 sinks.m.on-poison: an event parked would tear the transaction that the sink takes whole." +
                " Give stop or skip, or turn whole transactions off in the options of the sink"),
            flow("topics: ['*']\nfrom: yesterday\n",
                "6:11 sinks.mirror.from: 'yesterday' is no place to begin at: it is neither a sequence nor a time." +
                " Write now, start, a sequence as 1234, or a time with its zone as 2026-11-21T06:00:00Z"),
            new Case("bus: {log: {path: x}}\n" + SOURCE +
                "sinks: {out: {type: print, topics: ['*'], after: published, when-full: evict}}\n",
                "3:50 sinks.out.after: a flow that may read on from the event log cannot be ahead of it." +
                " Give recorded, or when-full: block"));
    }

    @ParameterizedTest
    @MethodSource({"whole", "syntax", "options", "flows", "log"})
    void shouldFindEveryProblemWithItsLine(final Case wrong) {
        assertEquals(List.of(wrong.expected()), problems(wrong.yaml()).problems().stream()
            .map(ConfigurationProblemsTest::text).toList());
    }

    private static ConfigurationException problems(final String yaml) {
        return assertThrows(ConfigurationException.class, () -> ConfigurationLoader.load(
            yaml, Path.of("headrace.yaml"), Map.of("SECRET", "hunter2"), TestAdapters.REGISTRY));
    }

    private static String text(final ConfigurationProblem problem) {
        return problem.line() + ":" + problem.column() + " " + problem.path() + ": " + problem.message() + ". " +
            problem.remedy();
    }

    @Test
    void shouldWarnOfTopicsThatNoSourceHas() throws Exception {
        final LoadedConfiguration loaded = ConfigurationLoader.load("""
            sources:
              erp: {type: feed, options: {host: h}}
              mes: {type: feed, options: {host: h}}
            sinks:
              a:
                type: print
                topics: [erp.x, "mes.*", "*", "e*", "epr.public.*", crm.x, "x*", "erp*", "erp2.*", "${X:crm.y}"]
            """, Path.of("headrace.yaml"), Map.of(), TestAdapters.REGISTRY);
        assertEquals(
            List.of(
                "7:41 sinks.a.topics[4]: no source has topics like 'epr.public.*'." +
                " Begin the topic with the name of a source. Did you mean 'erp'? Known: erp, mes",
                "7:57 sinks.a.topics[5]: no source has topics like 'crm.x'." +
                " Begin the topic with the name of a source. Known: erp, mes",
                "7:64 sinks.a.topics[6]: no source has topics like 'x*'." +
                " Begin the topic with the name of a source. Known: erp, mes",
                "7:78 sinks.a.topics[8]: no source has topics like 'erp2.*'." +
                " Begin the topic with the name of a source. Did you mean 'erp'? Known: erp, mes"),
            loaded.warnings().stream().map(ConfigurationProblemsTest::text).toList());
    }

    @Test
    void shouldWarnOfAServiceThatDoesNothing() throws Exception {
        final LoadedConfiguration loaded = ConfigurationLoader.load(
            "service: {}\nsinks:\n", Path.of("headrace.yaml"), Map.of(), TestAdapters.REGISTRY);
        assertEquals(
            List.of("1:1 sources: there are no sources. Add one, or nothing is published",
                "2:1 sinks: there are no sinks. Add one, or nothing is delivered"),
            loaded.warnings().stream().map(ConfigurationProblemsTest::text).toList());
    }

    @Test
    void shouldRenderProblemsAsLinks() {
        final ConfigurationException e = problems("bus:\n  capacity: 32\nsinks: {out: {}}\n");
        assertEquals(
            """
                headrace.yaml:2:13: bus.capacity: '32' is below the minimum of 64. Give 64 to 16777216.
                headrace.yaml:3:9: sinks.out.topics: the required option 'topics' is missing. \
                Add topics: ["erp.public.*"] (list of text).
                headrace.yaml:3:9: sinks.out.type: the required option 'type' is missing. \
                Add the type of the adapter; 'headrace adapters' lists them.""",
            e.getMessage());
        assertEquals(1, e.warnings().size());
    }

    @Test
    void shouldNotShowMoreProblemsThanAPersonReads() {
        final StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < ProblemCollector.MAX_PROBLEMS + 7; i++) {
            yaml.append("unknown-").append(i).append(": 1\n");
        }
        final List<ConfigurationProblem> problems = problems(yaml.toString()).problems();
        assertEquals(ProblemCollector.MAX_PROBLEMS + 1, problems.size());
        assertEquals("7 more problems are not shown", problems.get(ProblemCollector.MAX_PROBLEMS).message());
    }

    @Test
    void shouldCutWhatItShowsOfTheFile() {
        final String message = problems("\"" + "a".repeat(100) + "\": 1\n\"a\\nb\": 1\n").getMessage();
        assertTrue(message.contains("'" + "a".repeat(60) + "…'"));
        assertFalse(message.contains("a".repeat(61)));
        assertTrue(message.contains("'a\uFFFDb'"));
    }
}
