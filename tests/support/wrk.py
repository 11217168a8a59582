"""wrk, asking a box by its domain; and visitors who think before they ask."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from . import thinking
from .thinking import Asked

SCRIPT = Path(__file__).with_suffix(".lua")
THREADS = 2
TIMEOUT = 10  # seconds; wrk counts a longer wait as an error

# wrk names the host of its URL in the handshake and takes its address from the name. The name is
# known to this process alone: no file of the machine is touched.
ALONE = 'ulimit -n 16384 && mount --bind "$0" /etc/hosts && exec "$@"'


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw. Times in milliseconds, percentiles over all requests; slower: from
    the median on, one for each tenth of a per cent."""

    connections: int
    requests: int
    seconds: float
    bytes: int
    connect: int
    read: int
    write: int
    timeout: int
    status: int
    mean: float
    p50: float
    p95: float
    p99: float
    max: float
    slower: tuple[float, ...] = field(default=(), repr=False)

    @property
    def rate(self) -> float:
        """Requests answered a second."""
        return self.requests / self.seconds

    @property
    def errors(self) -> int:
        """Whatever was not a good answer: refused, reset, timed out, or a status of 400 and up."""
        return self.connect + self.read + self.write + self.timeout + self.status

    def as_dict(self) -> dict[str, Any]:
        """All figures, with those that follow from others."""
        kept = {name: value for name, value in asdict(self).items() if name != "slower"}
        return {**kept, "rate": self.rate, "errors": self.errors}


def pooled(loads: Sequence[Load], percent: float) -> float:
    """The percentile, above the 50th, of the requests of several runs together: one run's own is
    that of a few slow moments."""
    times = sorted({time for load in loads for time in load.slower})
    most = sum(load.requests for load in loads) * (1 - percent / 100)

    def above(time: float) -> float:
        return sum(
            load.requests * sum(each >= time for each in load.slower) / (2 * len(load.slower))
            for load in loads
        )

    return times[bisect_left(times, True, key=lambda time: above(time) <= most)]


def wrk(
    address: str,
    domain: str,
    path: str,
    connections: int,
    seconds: int,
    *,
    think: int = 0,
    headers: tuple[str, ...] = (),
    post: str = "",
) -> Load:
    """Ask for https://`domain``path` at `address`, over `connections` for so many seconds.

    think: milliseconds that each user waits before each request, on average; 0: none.
    post: a JSON body; a quarter of the requests POST it, and a quarter come on new connections.
    """
    with started(
        address, domain, path, connections, seconds, think=think, headers=headers, post=post
    ) as run:
        run.wait(seconds + 60)
    return figures(run, connections)


@dataclass
class Meanwhile:
    """What wrk saw while something happened; known at the end."""

    load: Load | None = None


@contextmanager
def meanwhile(
    address: str,
    domain: str,
    path: str,
    connections: int,
    *,
    think: int = 0,
    post: str = "",
    timeout: int = TIMEOUT,
) -> Iterator[Meanwhile]:
    """Ask as `wrk` does, for as long as the block lasts; an answer that takes longer than `timeout`
    seconds is an error."""
    seen = Meanwhile()
    hour = 3600
    with started(
        address, domain, path, connections, hour, think=think, post=post, timeout=timeout
    ) as run:
        yield seen
        run.send_signal(signal.SIGINT)  # it stops and says what it saw
        run.wait(30)
    seen.load = figures(run, connections)


@contextmanager
def started(
    address: str,
    domain: str,
    path: str,
    connections: int,
    seconds: int,
    *,
    think: int = 0,
    headers: tuple[str, ...] = (),
    post: str = "",
    timeout: int = TIMEOUT,
    niceness: int = 0,
) -> Iterator[subprocess.Popen[str]]:
    """wrk while it runs, or visitors who think; ended with the block. niceness: of wrk, how far
    behind others it comes for this machine's cores."""
    with tempfile.NamedTemporaryFile("w", suffix=".hosts") as hosts:
        hosts.write(f"127.0.0.1 localhost\n{address} {domain}\n")
        hosts.flush()
        given = {"POST": post}
        alone = ["unshare", "--mount", "sh", "-c", ALONE, hosts.name]
        if os.geteuid():
            alone = ["sudo", "-n", f"POST={post}", *alone]
        options = [f"-t{THREADS}", f"-c{connections}", f"-d{seconds}s", f"--timeout={timeout}s"]
        options += [f"-H{header}" for header in headers]
        url = f"https://{domain}{path}"
        command = [*alone, "nice", f"-n{niceness}", "wrk", *options, "-s", str(SCRIPT), url]
        if think:
            asked = Asked(
                address, domain, path, connections, seconds, think, post, headers, timeout
            )
            given = {"ASKED": json.dumps(asdict(asked))}
            command = [sys.executable, "-I", thinking.__file__]
        run = subprocess.Popen(
            command,
            env={**os.environ, **given},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            yield run
        finally:
            if run.poll() is None:
                run.terminate()
                run.wait()


def figures(run: subprocess.Popen[str], connections: int) -> Load:
    """What a run that has ended says it saw."""
    said = run.communicate()[0]
    if run.returncode:
        raise RuntimeError(f"wrk: exit {run.returncode}\n{said}")
    line = next(line for line in said.splitlines() if line.startswith("{"))
    return Load(connections=connections, **json.loads(line))
