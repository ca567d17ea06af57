# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A mosquitto broker of one's own, and its clients, for tests.

Nothing here sleeps: what is waited for is a line of a log or of a subscriber's
output, a process that ends, or a deadline, which only a broken broker meets.
"""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

DEADLINE = 60  # Seconds.
# In front of a command: even if this program is killed, the command does not stay.
NEVER_ALONE = ["setpriv", "--pdeathsig", "KILL", "--"]


def find_broker():
    """The broker's program, which is no command of ordinary users on Debian."""
    return shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Lines:
    """The lines that a process writes, read as they come."""

    def __init__(self, stream):
        self.lines = []
        self.ended = False
        self.changed = threading.Condition()
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream):
        with stream:
            for line in stream:
                with self.changed:
                    self.lines.append(line.decode(errors="replace").rstrip("\n"))
                    self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def wait(self, done, what):
        """Until done(lines) is true of the lines so far; returns what it returns."""
        end = time.monotonic() + DEADLINE
        with self.changed:
            while True:
                result = done(self.lines)
                if result:
                    return result
                left = end - time.monotonic()
                if self.ended or left <= 0:
                    why = "the process ended" if self.ended else f"{DEADLINE} seconds"
                    raise AssertionError(f"{what} did not come ({why}); there is:\n"
                                         + "\n".join(self.lines[-40:]))
                self.changed.wait(left)

    def wait_end(self):
        end = time.monotonic() + DEADLINE
        with self.changed:
            while not self.ended and self.changed.wait(end - time.monotonic()):
                pass
            return list(self.lines)


class Subscriber:
    """A mosquitto_sub at QoS 1 that runs until the broker or stop() ends it."""

    def __init__(self, broker, name, topics):
        self.process = subprocess.Popen(
            [*NEVER_ALONE, "mosquitto_sub", *broker.address, "-i", name, "-q", "1",
             "-F", "%t %q %r %x", *(word for topic in topics for word in ("-t", topic))],
            stdout=subprocess.PIPE)
        self.output = Lines(self.process.stdout)
        for topic in topics:
            broker.wait_log(re.escape(f"{name} 1 {topic}") + "$")

    @staticmethod
    def _parse(line):
        """Topic, payload, QoS and retained."""
        topic, qos, retained, payload = (line + " ").rsplit(" ", 4)[:4]
        return topic, bytes.fromhex(payload), int(qos), retained == "1"

    def messages(self, count):
        """The first `count` messages; fails if there are more."""
        lines = self.output.wait(lambda lines: len(lines) >= count and list(lines),
                                 f"message {count}")
        assert len(lines) == count, f"expected {count} messages, got {len(lines)}:\n{lines}"
        return [self._parse(line) for line in lines]

    def until(self, topic, payload):
        """The messages before the first of that topic and payload."""
        last = f"{topic} "
        end = payload.hex()

        def done(lines):
            for number, line in enumerate(lines):
                if line.startswith(last) and line.endswith(end) \
                        and self._parse(line)[:2] == (topic, payload):
                    return number + 1
            return 0
        number = self.output.wait(done, f"{payload!r} on {topic}")
        return [self._parse(line) for line in self.output.lines[:number - 1]]

    def stop(self):
        self.process.terminate()
        self.process.wait(DEADLINE)


class Broker:
    """A broker on a free port of the loopback interface, in a folder of its own."""

    def __init__(self, folder, config, ports=1):
        self.folder = pathlib.Path(folder)
        self.config = config
        self.subscribers = []
        for _ in range(20):
            if self._start(ports):
                return
        raise AssertionError("20 ports were taken, one after the other")

    def _start(self, ports):
        """Whether the broker runs; not if another program took a port meanwhile."""
        self.ports = [free_port() for _ in range(ports)]
        self.address = ["-h", "127.0.0.1", "-p", str(self.ports[0])]
        file = self.folder / "mosquitto.conf"
        file.write_text("\n".join([
            # If root starts it. Else it becomes a user of its own, who cannot read the folder.
            "user root",
            "log_dest stderr",
            "log_type error", "log_type warning", "log_type notice", "log_type information",
            "log_type subscribe",
            "persistence false",
            "set_tcp_nodelay true",
            # Queues without limits: a message is late on a busy machine, never lost.
            "max_queued_messages 0",
            "max_inflight_messages 0",
            self.config.format(*self.ports),
        ]) + "\n")
        self.process = subprocess.Popen([*NEVER_ALONE, find_broker(), "-c", file.name],
                                        cwd=self.folder, stdin=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE)
        self.log = Lines(self.process.stderr)
        try:
            self.wait_log("mosquitto version .* running")
        except AssertionError:
            self.process.kill()
            status = self.process.wait()
            log = self.log.wait_end()
            if any("Address already in use" in line for line in log):
                return False
            raise AssertionError("\n".join([f"the process ended with {status}; there is:", *log]))
        return True

    def wait_log(self, pattern, count=1):
        """Until that many lines of the log match; returns them all."""
        def done(lines):
            found = [line for line in lines if re.search(pattern, line)]
            return found if len(found) >= count else None
        return self.log.wait(done, f"line {count} that matches '{pattern}' in the log")

    def subscribe(self, name, *topics):
        self.subscribers.append(Subscriber(self, name, topics))
        return self.subscribers[-1]

    def publish_start(self, topic, *how, port=0, stdin=subprocess.DEVNULL):
        """Starts a mosquitto_pub at QoS 1."""
        return subprocess.Popen(
            [*NEVER_ALONE, "mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.ports[port]),
             "-q", "1", "-t", topic, *how], stdin=stdin)

    def publish(self, topic, *payloads, retain=False, port=0):
        """Publishes messages, one after the other. When this returns, the broker
        has acknowledged all of them, and plugins have seen them."""
        for payload in payloads:
            data = payload if isinstance(payload, bytes) else str(payload).encode()
            how = ["-s"] if data else ["-n"]
            client = self.publish_start(topic, *how, *(["-r"] if retain else []), port=port,
                                        stdin=subprocess.PIPE)
            client.communicate(data, DEADLINE)
            assert client.returncode == 0, f"mosquitto_pub ends with {client.returncode}"

    def publish_lines(self, topic, lines, port=0):
        """The same for payloads that are lines of text, by one client."""
        client = self.publish_start(topic, "-l", port=port, stdin=subprocess.PIPE)
        client.communicate("".join(f"{line}\n" for line in lines).encode(), DEADLINE)
        assert client.returncode == 0, f"mosquitto_pub ends with {client.returncode}"

    def stop(self, signal_number=signal.SIGTERM):
        """Ends the broker; returns how it ended, as a status of subprocess."""
        for subscriber in self.subscribers:
            subscriber.stop()
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        try:
            status = self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("the broker does not end")
        self.log.wait_end()
        return status

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            print("The broker's log:", *self.log.lines[-40:], sep="\n  ")
            self.process.kill()
        status = self.stop()
        if kind is None:
            assert status == 0, f"the broker ends with {status}"
