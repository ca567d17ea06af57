#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the plugin does in a broker.

usage: broker_test.py FOLDER [--repeat N] [unittest's options]

FOLDER has mosquitto_anomaly.so and mosquitto_trap.so. With --repeat, the test must
pass N times in a row.
"""

import collections
import pathlib
import re
import signal
import struct
import subprocess
import sys
import tempfile
import unittest

import broker
from broker import Broker

PLUGINS = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None


def calm(count):
    """Readings around 20.3 with a spread (1.4826 times the median absolute deviation) of 0.3."""
    return [f"{20 + i % 7 * 0.1:.1f}" for i in range(count)]


def message(sensor, readings, magic=0x314d5341, count=None, check=None):
    """64 bytes as module/message.h of examples/anomaly has them."""
    count = len(readings) if count is None else count
    data = struct.pack("<IIqIHH8fI", magic, sensor, 0, 0, 0, count,
                       *(readings + [0.0] * 8)[:8], 0)
    total = weighted = 0
    for (word,) in struct.iter_unpack("<I", data):
        total = (total + word) & 0xffffffff
        weighted = (weighted + total) & 0xffffffff
    if check is None:
        check = total ^ (weighted << 16 & 0xffffffff | weighted >> 16)
    return data + struct.pack("<I", check)


class BrokerTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="wasmc-broker-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def plugin(self, name, *options):
        lines = [f"plugin {PLUGINS}/mosquitto_{name}.so"]
        return "\n".join(lines + [f"plugin_opt_{option}" for option in options])

    def start(self, name, *options):
        config = "listener {0} 127.0.0.1\nallow_anonymous true\n" + self.plugin(name, *options)
        return Broker(self.folder, config)

    def alarms(self, running, subscriber):
        """The alarms so far, without the messages that raised them. A message that a
        client publishes now comes behind all alarms about those acknowledged before:
        the broker sends them before it looks at what a new client sends."""
        running.publish("alarms/end", "end")
        return [(topic, text.decode()) for topic, text, *_ in subscriber.until("alarms/end", b"end")
                if topic.startswith("alarms")]


class Anomaly(BrokerTest):
    """The module of examples/anomaly."""

    def test_alarm_when_readings_leave_their_range_and_when_they_are_back(self):
        with self.start("anomaly", "payload text", "raise 8", "persist 3", "hold 5") as running:
            subscriber = running.subscribe("all", "sensors/#", "alarms/#")
            readings = calm(200) + ["45.5"] * 4 + calm(6)
            running.publish_lines("sensors/hall/3", readings)
            alarms = self.alarms(running, subscriber)
            self.assertEqual([topic for topic, _ in alarms], ["alarms/hall/3"] * 2)
            self.assertRegex(alarms[0][1],
                             r"^1 sensor 0: 45\.50 is 8\d\.\d\d spreads above 20\.30$")
            self.assertRegex(alarms[1][1], r"^0 sensor 0: over after 6 readings, at most 8")
            # What subscribers get is what was published.
            passed = [text.decode() for topic, text, *_ in
                      subscriber.until("alarms/end", b"end") if topic == "sensors/hall/3"]
            self.assertEqual(passed, readings)

    def test_messages_of_the_module_s_own_form(self):
        with self.start("anomaly", "floor 0.5", "alarm_qos 0") as running:
            subscriber = running.subscribe("all", "#")
            running.publish("sensors/cellar", *[message(7, [18.0] * 8)] * 20)
            running.publish("sensors/cellar", message(7, [18.0, 12.0, 12.0, 12.0, 12.0]))
            self.assertEqual(self.alarms(running, subscriber),
                             [("alarms/cellar", "1 sensor 7: 12.00 is 12.00 spreads below 18.00")])
            got = subscriber.until("alarms/end", b"end")
            self.assertEqual([(topic, qos) for topic, _, qos, _ in got],
                             [("sensors/cellar", 1)] * 21 + [("alarms/cellar", 0)])
            self.assertEqual(got[0][1], message(7, [18.0] * 8))

    def test_retained_alarm_reaches_whoever_comes_later(self):
        with self.start("anomaly", "payload text", "alarm_retain true") as running:
            running.publish_lines("sensors/a", calm(140) + ["99"] * 5)
            late = running.subscribe("late", "alarms/#")
            ((topic, text, qos, retained),) = late.messages(1)
            self.assertEqual((topic, qos, retained), ("alarms/a", 1, True))
            self.assertRegex(text.decode(), "^1 sensor 0: 99.00 is ")

    def test_malformed_text_is_logged_and_passes(self):
        texts = [b"", b"hot", b"21.5C", b"0x15", b"nan", b"-", b"2 1", b"\0", b"21\0", b"\xff\xfe",
                 b"1" * 64, b"9" * 100000]
        beyond = [b"1e10", b"-1e300"]
        good = [b"21.5", b" 21.5\r\n", b"+2.15e1", b".5"]
        with self.start("anomaly", "payload text", "log_limit 0") as running:
            subscriber = running.subscribe("all", "#")
            running.publish("sensors/x", *texts, *beyond, *good)
            running.publish("end", "end")
            got = [text for _, text, *_ in subscriber.until("end", b"end")]
            self.assertEqual(got, texts + beyond + good)
            for number, text in enumerate(texts, 1):
                running.wait_log(rf"anomaly: message {number} \({len(text)} bytes\) is not a "
                                 r"number; topic sensors/x$")
            for number, text in enumerate(beyond, len(texts) + 1):
                running.wait_log(rf"anomaly: message {number} \({len(text)} bytes\) was refused by "
                                 "the module: error -6; topic sensors/x$")
            self.assertEqual(len(running.wait_log("anomaly: message ")), len(texts + beyond))

    def test_malformed_messages_are_logged_and_pass(self):
        good = message(1, [20.0])
        bad = [(b"", -1), (b"21.5", -1), (good[:-1], -1), (good + b"\0", -1), (bytes(4096), -1),
               (bytes(64), -2), (message(1, [20.0], magic=1), -2),
               (message(1, [20.0], check=1), -3), (message(64, [20.0]), -4),
               (message(2**32 - 1, [20.0]), -4), (message(1, [20.0], count=0), -5),
               (message(1, [20.0], count=9), -5), (message(1, [float("nan")]), -6),
               (message(1, [float("-inf")]), -6)]
        with self.start("anomaly", "log_limit 0") as running:
            subscriber = running.subscribe("all", "#")
            running.publish("sensors/x", *[data for data, _ in bad], good)
            running.publish("end", "end")
            self.assertEqual([text for _, text, *_ in subscriber.until("end", b"end")],
                             [data for data, _ in bad] + [good])
            for number, (data, error) in enumerate(bad, 1):
                running.wait_log(rf"anomaly: message {number} \({len(data)} bytes\) was refused by "
                                 f"the module: error {error}; topic sensors/x$")
            self.assertEqual(len(running.wait_log("anomaly: message ")), len(bad))

    def test_message_larger_than_the_mailbox_passes(self):
        large = bytes(range(256)) * 1000
        with self.start("anomaly") as running:
            subscriber = running.subscribe("all", "sensors/#")
            running.publish("sensors/large", large)
            self.assertEqual(subscriber.messages(1)[0][:2], ("sensors/large", large))
            running.wait_log(r"message 1 \(256000 bytes\) is larger than the module takes; topic "
                             "sensors/large$")

    def test_ten_thousand_messages_of_four_clients_at_once(self):
        topics, each, starts = [f"sensors/{name}" for name in "abcd"], 2500, (500, 1000, 2000)
        readings = calm(each)
        for start in starts:
            readings[start:start + 10] = ["45.0"] * 10
        with self.start("anomaly", "payload text", "hold 16") as running:
            subscriber = running.subscribe("all", "sensors/#", "alarms/#")
            clients = [running.publish_start(topic, "-l", stdin=subprocess.PIPE)
                       for topic in topics]
            lines = "".join(f"{reading}\n" for reading in readings).encode()
            for client in clients:
                client.stdin.write(lines)
                client.stdin.close()
            for client in clients:
                self.assertEqual(client.wait(broker.DEADLINE), 0)
            alarms = collections.defaultdict(list)
            for topic, text in self.alarms(running, subscriber):
                alarms[topic].append(text)
            passed = collections.defaultdict(list)
            for topic, text, *_ in subscriber.until("alarms/end", b"end"):
                passed[topic].append(text.decode())
            for topic in topics:
                self.assertEqual(passed[topic], readings)
                found = alarms.pop(topic.replace("sensors", "alarms"))
                self.assertEqual(len(found), 2 * len(starts), found)
                for begin, end in zip(found[::2], found[1::2]):
                    self.assertRegex(begin, r"^1 sensor [0-3]: 45\.00 is 8\d\.\d+ spreads above 20")
                    self.assertRegex(end, r"^0 sensor [0-3]: over after 22 readings, at most 8")
            self.assertEqual(alarms, {})
            self.assertFalse([line for line in running.log.lines if "anomaly: message" in line])

    def test_more_topics_than_the_module_has_sensors(self):
        with self.start("anomaly", "payload text") as running:
            for number in range(65):
                running.publish(f"sensors/{number}", "20")
            running.publish("sensors/63", "20")
            # After a reload, topics are counted anew.
            running.process.send_signal(signal.SIGHUP)
            running.wait_log("anomaly: the module was started anew")
            running.publish("sensors/64", "20")
            running.publish("sensors/64", "?")
            line, last = running.wait_log("anomaly: message ", count=2)
            self.assertIn("message 68 (1 bytes) is not a number", last)
            self.assertRegex(line, r"message 65 \(2 bytes\) is of one topic too many; topic "
                                   "sensors/64$")

    def test_reports_have_a_limit(self):
        with self.start("anomaly", "payload text", "log_limit 3") as running:
            running.publish_lines("sensors/x", ["?"] * 500)

            def all_told(lines):
                written = sum("is not a number" in line for line in lines)
                left_out = [re.search(r"anomaly: (\d+) further reports left out", line)
                            for line in lines]
                left_out = sum(int(match[1]) for match in left_out if match)
                return written + left_out == 500 and (written, left_out)
            written, left_out = running.log.wait(all_told, "the number of reports left out")
            self.assertGreaterEqual(written, 3)
            self.assertGreater(left_out, 0)


class Trap(BrokerTest):
    """A module that misbehaves on request."""

    def test_broker_goes_on_after_a_trap_and_says_which_message(self):
        with self.start("trap") as running:
            subscriber = running.subscribe("all", "#")
            running.publish("sensors/hall/3", "count", "count", "trap", "count")
            # Traps of the runtime's making are traps like others.
            running.publish("sensors/attic", "overrun", "count")
            self.assertEqual(self.alarms(running, subscriber),
                             [("alarms/hall/3", "2 message 1 of this instance"),
                              ("alarms/hall/3", "2 message 2 of this instance"),
                              ("alarms/hall/3", "2 message 1 of this instance"),
                              ("alarms/attic", "2 message 1 of this instance")])
            passed = [text for topic, text, *_ in subscriber.until("alarms/end", b"end")
                      if topic.startswith("sensors")]
            self.assertEqual(passed, [b"count", b"count", b"trap", b"count", b"overrun", b"count"])
            running.wait_log("message 5 .* made the module trap; topic sensors/attic$")
            running.wait_log("anomaly: wasmc: trap in 'anomaly': buffer out of range")
            log = "\n".join(line.partition(": ")[2] for line in running.log.lines)
            self.assertRegex(log, "\n".join([
                r"anomaly: message 3 \(4 bytes\) made the module trap; topic sensors/hall/3",
                "anomaly: wasmc: trap in 'anomaly': out of bounds memory access",
                r"anomaly:   #0 sum at trap\.c:\d+:\d+ .*",
                r"anomaly:   #1 decode at trap\.c:\d+:\d+ .*",
                r"anomaly:   #2 process at trap\.c:\d+:\d+ .*"]))

    def test_instance_can_be_kept(self):
        with self.start("trap", "after_trap keep") as running:
            subscriber = running.subscribe("all", "#")
            running.publish("sensors/a", "count", "trap", "count")
            self.assertEqual([text for _, text in self.alarms(running, subscriber)],
                             ["2 message 1 of this instance", "2 message 3 of this instance"])

    def test_hundreds_of_traps(self):
        with self.start("trap", "log_limit 0") as running:
            subscriber = running.subscribe("all", "alarms/#")
            running.publish_lines("sensors/a", ["trap"] * 500)
            running.publish("sensors/a", "count")
            self.assertEqual(self.alarms(running, subscriber),
                             [("alarms/a", "2 message 1 of this instance")])
            running.wait_log("anomaly:   #2 process at trap.c", count=500)

    def test_alarms_without_end_are_a_fault_of_the_module(self):
        with self.start("trap") as running:
            subscriber = running.subscribe("all", "alarms/#")
            running.publish("sensors/a", "flood", "shout", "count")
            self.assertEqual([text for _, text in self.alarms(running, subscriber)],
                             ["1 flood"] * 16 + ["2 message 1 of this instance"])
            running.wait_log(r"trap in 'anomaly': host function failed \(status 4: limit\)",
                             count=2)

    def test_error_of_the_module_is_logged(self):
        with self.start("trap") as running:
            running.publish("sensors/a", "refuse")
            running.wait_log(r"message 1 \(6 bytes\) was refused by the module: error -7; topic "
                             "sensors/a$")

    def test_reload_starts_the_module_anew(self):
        with self.start("trap", "alarm_prefix news/of") as running:
            subscriber = running.subscribe("all", "#")
            running.publish("sensors/a", "count", "count")
            running.process.send_signal(signal.SIGHUP)
            running.wait_log("anomaly: the module was started anew")
            running.publish("sensors/a", "count")
            running.publish("end", "end")
            news = [(topic, text.decode()) for topic, text, *_ in
                    subscriber.until("end", b"end") if topic != "sensors/a"]
            self.assertEqual(news, [("news/of/a", "2 message 1 of this instance"),
                                    ("news/of/a", "2 message 2 of this instance"),
                                    ("news/of/a", "2 message 1 of this instance")])

    def test_alarms_are_no_messages(self):
        with self.start("trap", "topic #") as running:
            subscriber = running.subscribe("all", "#")
            running.publish("alarms/a", "count")  # A client's, forged.
            running.publish("alarms", "count")
            running.publish("alarmsoon", "count")
            self.assertEqual(self.alarms(running, subscriber),
                             [("alarms/a", "count"), ("alarms", "count"), ("alarmsoon", "count"),
                              ("alarms/alarmsoon", "2 message 1 of this instance")])

    def test_which_messages_and_where_alarms_go(self):
        for topic, there, expected in [
                ("sensors/#", "sensors/a/b", "alarms/a/b"), ("sensors/#", "sensors", "alarms"),
                ("sensors/#", "sensor/a", None), ("sensors/+/temp", "sensors/hall/temp",
                                                  "alarms/hall/temp"),
                ("sensors/+/temp", "sensors/hall/noise", None), ("plant/a", "plant/a", "alarms/a"),
                ("+/a", "b/a", "alarms/b/a"), ("#", "a", "alarms/a")]:
            with self.subTest(topic=topic, there=there):
                with self.start("trap", f"topic {topic}") as running:
                    subscriber = running.subscribe("all", "alarms/#")
                    running.publish(there, "count")
                    self.assertEqual([to for to, _ in self.alarms(running, subscriber)],
                                     [expected] if expected else [])

    def test_alarm_whose_topic_would_be_too_long(self):
        topic = "x" * 65530
        with self.start("trap", "topic #") as running:
            subscriber = running.subscribe("all", "#")
            running.publish(topic, "count")
            running.publish("a", "count")
            self.assertEqual(self.alarms(running, subscriber),
                             [("alarms/a", "2 message 2 of this instance")])
            self.assertEqual(subscriber.output.lines[0][:65530], topic)
            running.wait_log(r"message 1 \(5 bytes\) raised an alarm that cannot be published; "
                             "topic xxxx")

    def test_listeners_with_plugins_of_their_own(self):
        config = "per_listener_settings true\n" + "\n".join([
            "listener {0} 127.0.0.1", "allow_anonymous true", self.plugin("trap"),
            "listener {1} 127.0.0.1", "allow_anonymous true",
            self.plugin("trap", "alarm_prefix second"),
            "listener {2} 127.0.0.1", "allow_anonymous true",
            self.plugin("anomaly", "payload text", "alarm_prefix third")])
        with Broker(self.folder, config, ports=3) as running:
            subscriber = running.subscribe("all", "alarms/#", "second/#", "third/#")
            running.publish("sensors/a", "count", "count")
            running.publish("sensors/a", "trap", "count", port=1)
            running.publish_lines("sensors/a", calm(140) + ["99"] * 4, port=2)
            running.publish("sensors/a", "count")
            running.publish("alarms/end", "end")
            got = [(topic, text.decode()) for topic, text, *_ in
                   subscriber.until("alarms/end", b"end")]
            self.assertEqual([topic for topic, _ in got],
                             ["alarms/a"] * 2 + ["second/a", "third/a", "alarms/a"])
            self.assertEqual(got[2][1], "2 message 1 of this instance")
            self.assertRegex(got[3][1], "^1 sensor 0: 99.00 is ")
            self.assertEqual(got[4][1], "2 message 3 of this instance")

    def test_options_that_are_wrong_stop_the_broker(self):
        for option, expected in [
                ("topic sensors/#/x", "plugin_opt_topic sensors/#/x: expected a topic filter"),
                ("alarm_prefix alarms/+", "alarm_prefix alarms/+: expected a topic without"),
                ("alarm_qos 3", "plugin_opt_alarm_qos 3: expected 0 to 2"),
                ("alarm_retain yes", "plugin_opt_alarm_retain yes: expected false or true"),
                ("payload json", "plugin_opt_payload json: expected message or text"),
                ("after_trap go", "plugin_opt_after_trap go: expected restart or keep"),
                ("log_limit -1", "plugin_opt_log_limit -1: expected 0 to 1000000"),
                ("raise nan", "plugin_opt_raise nan: expected a number above 0"),
                ("clear 1x", "plugin_opt_clear 1x: expected a number above 0"),
                ("hold 0", "plugin_opt_hold 0: expected 1 to 1000000"),
                # Not the option: what the module does when it starts.
                ("raise 666", "cannot start the module: trap"),
                ("volume 11", "unknown option plugin_opt_volume")]:
            with self.subTest(option=option):
                with self.assertRaisesRegex(AssertionError, re.escape(expected)) as failure:
                    self.start("trap", option)
                self.assertIn("the process ended with 3;", str(failure.exception))

    def test_signals_are_the_broker_s(self):
        running = self.start("trap")
        running.publish("sensors/a", "trap")
        running.wait_log("trap in 'anomaly'")
        # No fault of the module's: the broker dies of it, as it would without the plugin.
        self.assertEqual(running.stop(signal.SIGSEGV), -signal.SIGSEGV)


def main(options):
    # Ends as with Ctrl-C: folders are removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    repeat = 1
    if options[:1] == ["--repeat"] and len(options) > 1 and options[1].isdigit():
        repeat = int(options[1])
        options = options[2:]
    for run in range(1, repeat + 1):
        if repeat > 1:
            print(f"run {run} of {repeat}", flush=True)
        program = unittest.main(argv=[sys.argv[0], *options], exit=False)
        if not program.result.wasSuccessful() or not program.result.testsRun:
            sys.exit(1)


if __name__ == "__main__":
    if PLUGINS is None or not PLUGINS.is_dir():
        sys.exit(__doc__)
    main(sys.argv[2:])
