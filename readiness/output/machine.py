"""The report for programs: JSON, Prometheus' text format, and what is otherwise than before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..outcome import Outcome
from .summary import Hosts, counted

Kept = Mapping[str, Any]


def as_json(environment: str, when: float, hosts: Hosts) -> dict[str, Any]:
    """All of it. when: seconds of the epoch, as in each line's evidence."""
    return {
        "environment": environment,
        "when": when,
        "hosts": {
            name: {
                "counts": counted(found),
                "lines": {
                    each.line.id: {
                        "outcome": each.outcome.value,
                        "evidence": each.evidence,
                        "when": each.when,
                    }
                    for each in found
                },
            }
            for name, found in hosts.items()
        },
    }


def changed(hosts: Hosts, before: Kept | None) -> list[str]:
    """What is otherwise than in the report before, if there was one."""
    if not before:
        return []
    said = []
    for name, found in hosts.items():
        former = before.get("hosts", {}).get(name, {}).get("lines", {})
        for each in found:
            was = former.get(each.line.id, {}).get("outcome", each.outcome.value)
            if was != each.outcome.value:
                said.append(f"{name} {each.line.id}: was {was}, is {each.outcome.value}")
    return said


def metrics(environment: str, when: float, hosts: Hosts) -> str:
    """1 true, 0 false. What nobody saw, or nobody wants, has no value."""
    values = {Outcome.TRUE: 1, Outcome.FALSE: 0}
    lines = [
        "# HELP readyhost_ready Whether a line of the checklist is true.",
        "# TYPE readyhost_ready gauge",
    ]
    for name, found in hosts.items():
        labels = f"environment={json.dumps(environment)},host={json.dumps(name)}"
        lines += [
            f'readyhost_ready{{{labels},id="{each.line.id}"}} {values[each.outcome]}'
            for each in found
            if each.outcome in values
        ]
    lines += [
        "# HELP readyhost_report_lines Lines of the checklist by what was found.",
        "# TYPE readyhost_report_lines gauge",
    ]
    for name, found in hosts.items():
        labels = f"environment={json.dumps(environment)},host={json.dumps(name)}"
        lines += [
            f'readyhost_report_lines{{{labels},outcome="{word}"}} {count}'
            for word, count in counted(found).items()
        ]
    lines += [
        "# HELP readyhost_report_time_seconds When the report was made.",
        "# TYPE readyhost_report_time_seconds gauge",
        f"readyhost_report_time_seconds{{environment={json.dumps(environment)}}} {when:.0f}",
    ]
    return "\n".join(lines) + "\n"
