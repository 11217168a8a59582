"""Prometheus' own judge of rules."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from roles.alerts.rules import rules
from roles.alerts.settings import Alerts

Series = Mapping[str, str]
"""Values, in promtool's notation, by series."""


def firing(
    folder: Path, name: str, series: Series, at: str, *, step: str = "1m", settings: Alerts
) -> bool:
    """Whether the alert fires at a time with these series, of which one value is a step."""
    answers = [
        _run(folder, name, series, at, step, expected, settings) for expected in (True, False)
    ]
    words = "\n".join(text for _, text in answers)
    assert [good for good, _ in answers].count(True) == 1, words
    return answers[0][0]


def _run(
    folder: Path,
    name: str,
    series: Series,
    at: str,
    step: str,
    expected: bool,
    settings: Alerts,
) -> tuple[bool, str]:
    (folder / "rules.yml").write_text(rules(settings))
    samples = [{"labels": "{}", "value": 1}] if expected else []
    asked = {
        "expr": f'count(ALERTS{{alertname="{name}",alertstate="firing"}}) > bool 0',
        "eval_time": at,
        "exp_samples": samples,
    }
    test = {
        "rule_files": ["rules.yml"],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": step,
                "input_series": [{"series": k, "values": v} for k, v in series.items()],
                "promql_expr_test": [asked],
            }
        ],
    }
    file = folder / "test.yml"
    file.write_text(json.dumps(test))  # JSON is YAML
    done = subprocess.run(
        ["promtool", "test", "rules", str(file)], capture_output=True, text=True, timeout=60
    )
    return done.returncode == 0, done.stdout + done.stderr
