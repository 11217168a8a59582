"""Prometheus' own judge of rules."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from roles.alerts.catalogue import ALERTS
from roles.alerts.rules import rules
from roles.alerts.settings import Alerts

Series = Mapping[str, str]
"""Values, in promtool's notation, by series."""


class Look(NamedTuple):
    """Whether the alert fires at a time with these series."""

    series: Series
    at: str
    fires: bool


def judged(
    folder: Path, name: str, looks: Sequence[Look], *, step: str = "1m", settings: Alerts
) -> str:
    """What promtool has against the looks at an alert; nothing when all are right. A value of the
    series is a step long."""
    # The others would only take their time.
    others = [alert.name for alert in ALERTS if alert.name != name]
    (folder / "rules.yml").write_text(rules(settings, without=others))
    test = {
        "rule_files": ["rules.yml"],
        "evaluation_interval": step,
        "tests": [_test(name, look, step) for look in looks],
    }
    file = folder / "test.yml"
    file.write_text(json.dumps(test))  # JSON is YAML
    done = subprocess.run(  # noqa: PLW1510 - its status is the answer
        ["promtool", "test", "rules", str(file)], capture_output=True, text=True, timeout=60
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _test(name: str, look: Look, step: str) -> dict[str, object]:
    asked = {
        "expr": f'count(ALERTS{{alertname="{name}",alertstate="firing"}} == 1) or vector(0)',
        "eval_time": look.at,
        "exp_samples": [{"labels": "{}", "value": int(look.fires)}],
    }
    return {
        "interval": step,
        "input_series": [{"series": k, "values": v} for k, v in look.series.items()],
        "promql_expr_test": [asked],
    }
