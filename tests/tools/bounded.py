#!/usr/bin/env python3
# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: bounded.py [--seconds=N] [--mib=N] [--status=N,...] COMMAND...

Runs a command and succeeds if it ends within this time (of the processor's, 60
unless said) and memory (2048 MiB), with one of these exit statuses (0 or 1). A
status 1 must come with a diagnostic that says 'error: ', and not with one of an
internal error. Prints what it took.
"""

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time

options = argparse.ArgumentParser()
options.add_argument("--seconds", type=float, default=60)
options.add_argument("--mib", type=int, default=2048)
options.add_argument("--status", default="0,1")
options.add_argument("command", nargs=argparse.REMAINDER)
args = options.parse_args()

with tempfile.TemporaryFile() as messages:
    start = time.monotonic()
    limit = int(args.seconds) + 1
    child = subprocess.Popen(args.command, stderr=messages, start_new_session=True,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU,
                                                                   (limit, limit)))

    def kill(*_):
        os.killpg(child.pid, signal.SIGKILL)

    # The processor's time is what is judged; a machine may be busy with others.
    signal.signal(signal.SIGALRM, kill)
    signal.alarm(int(args.seconds * 4) + 1)
    _, status, _ = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    signal.alarm(0)
    # Also of the children that it waited for.
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    status = os.waitstatus_to_exitcode(status)
    messages.seek(0)
    text = messages.read().decode(errors="replace")

used = usage.ru_utime + usage.ru_stime
mib = usage.ru_maxrss >> 10
print(f"{used:.1f} s, {mib} MiB, {wall:.1f} s of wall time, exit status {status}")
sys.stderr.write(text[:4000])
if status not in map(int, args.status.split(",")):
    sys.exit(f"exit status {status}, not one of {args.status}")
if status == 1 and ("error: " not in text or "internal error" in text):
    sys.exit("exit status 1 without a diagnostic for the user")
if used > args.seconds:
    sys.exit(f"more than {args.seconds:.0f} s")
if mib > args.mib:
    sys.exit(f"more than {args.mib} MiB")
