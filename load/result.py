"""What a test has found, as it is kept."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from roles.core.plain import plain

from . import judging, leaks
from .figures import Figures, figures
from .run import Seen
from .stages import Stage


def found(
    options: argparse.Namespace,
    seen: Seen,
    done: Sequence[Figures],
    *,
    begin: float,
    host: str,
    application: str,
    scenario: Path,
    plan: Sequence[Stage],
) -> dict[str, Any]:
    """The whole of it. done: the figures of each stage; begin: when, seconds since 1970."""
    soak = bool(options.soak)
    grown = leaks.grown(seen.samples, seen.told) if soak else []
    cores = int(seen.facts.get("cores") or 1)
    return {
        "version": 1,
        "begin": begin,
        "environment": options.environment,
        "host": host,
        "application": application,
        "release": plain(str(seen.facts.get("release", ""))),
        "releases": _releases(seen, begin),
        "kind": "soak" if soak else "single" if options.single_process else "stages",
        "scenario": hashlib.sha256(scenario.read_bytes()).hexdigest(),
        "plan": [stage.as_dict() for stage in plan],
        "cores": cores,
        "abort": seen.abort,
        "stages": [each.as_dict() for each in done],
        **judging.as_dict(done, cores),
        "grown": [
            {"who": each.who, "what": each.what, "leaks": each.leaks, "words": each.words,
             **asdict(each.slope)}
            for each in grown
        ],
        "restarts": leaks.restarts(seen.samples),
        "cost": _cost(seen),
        "told": seen.told,
        "samples": seen.samples,
    }  # fmt: skip


def _releases(seen: Seen, begin: float) -> list[dict[str, Any]]:
    """Releases that went live during the test, and the seconds after which they were."""
    found: list[dict[str, Any]] = []
    last = str(seen.facts.get("release", ""))
    for each in seen.samples:
        if (now := str(each.get("release", last))) != last:
            found.append({"at": each["at"] - begin, "release": plain(now)})
            last = now
    return found


def of_stages(plan: Sequence[Stage], seen: Seen) -> list[Figures]:
    """The figures of each stage that was reached."""
    each = (figures(number, stage, seen.told, seen.samples) for number, stage in enumerate(plan))
    return [one for one in each if one]


def gained(
    alone: Sequence[Figures], everybody: Sequence[Figures]
) -> dict[str, float | None] | None:
    """What more processes answer than one does, under the same load."""
    if not alone or not everybody:
        return None
    one, all_ = alone[-1], everybody[-1]
    return {
        "one": one.rate,
        "one_p95": one.closed.p95,
        "all": all_.rate,
        "all_p95": all_.closed.p95,
        "gained": all_.rate / one.rate - 1 if one.rate else 0.0,
    }


def _cost(seen: Seen) -> float:
    """The share of a core that the host's side took, beside what it was itself started with."""
    if len(seen.samples) < 2:
        return 0.0
    first, last = seen.samples[0], seen.samples[-1]
    return float((last["own_cpu"] - first["own_cpu"]) / max(last["at"] - first["at"], 1e-9))
