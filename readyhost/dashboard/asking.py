"""Questions to a host's Prometheus over the operator's own connection, all in one."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from readyhost import ssh
from readyhost.hosts import Host
from roles.core.errors import OperatorError
from roles.monitoring.names import PROMETHEUS_PORT

from .ranges import Range

SECONDS = 120
MOST = 50_000_000
"""Bytes that a host may answer: forty times what it does."""
# curl reads the questions from its standard input, and says one answer a line.
COMMAND = "curl -sS --max-time 100 -K -"


@dataclass(frozen=True)
class Series:
    """Numbers of one thing by time, seconds of the epoch."""

    labels: dict[str, str]
    points: tuple[tuple[float, float], ...]


def ask(host: Host, queries: Sequence[tuple[str, Range]], now: float) -> list[list[Series]]:
    """The series of each query. Raises OperatorError where there is no answer."""
    text = question(queries, now)
    done = subprocess.run(
        ssh.line(host, COMMAND), input=text.encode(), capture_output=True, timeout=SECONDS,
        check=False,
    )  # fmt: skip
    lines = done.stdout[:MOST].decode(errors="replace").splitlines()
    if done.returncode or len(lines) != len(queries):
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise OperatorError(
            f"{host.name}: no Prometheus answers there ({said or 'nothing was said'}):"
            " monitoring.mode says whether it has one"
        )
    return [parse(line) for line in lines]


def question(queries: Sequence[tuple[str, Range]], now: float) -> str:
    """What curl is told on its standard input (-K -): it says one answer a line."""
    return "\nnext\n".join(_one(query, over, now) for query, over in queries)


def _one(query: str, over: Range, now: float) -> str:
    end = now - now % over.step
    query = query.replace("WINDOW", f"{over.window}s")
    values = {"query": query, "start": end - over.seconds, "end": end, "step": over.step}
    url = f"http://127.0.0.1:{PROMETHEUS_PORT}/api/v1/query_range?{urlencode(values)}"
    return f'url = "{url}"\nwrite-out = "\\n"'


def parse(line: str) -> list[Series]:
    """From one answer; empty for one that is none. What a host says is not trusted to be right."""
    try:
        result = json.loads(line)["data"]["result"]
        return [_series(each) for each in result]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _series(found: dict[str, Any]) -> Series:
    labels = {str(key): str(value) for key, value in found["metric"].items()}
    numbers = [(float(when), float(value)) for when, value in found["values"]]
    points = tuple(each for each in numbers if all(map(math.isfinite, each)))
    return Series(labels, points)
