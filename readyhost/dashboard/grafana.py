"""The same panels for those who have Grafana: `python -m readyhost.dashboard.grafana` prints
examples/grafana/readyhost.json."""

from __future__ import annotations

import json
import re
from typing import Any

from .panels import PANELS, RELEASES, Panel

WIDTH, HEIGHT, COLUMNS = 12, 8, 2
UNITS = {"%": "percent", "s": "s", "B": "bytes", "B/s": "Bps", "/s": "ops", "cores": "none", "": ""}
SOURCE = {"type": "prometheus", "uid": "${source}"}


def document() -> dict[str, Any]:
    """A dashboard as Grafana imports it."""
    releases = {
        "name": "Releases",
        "datasource": SOURCE,
        "enable": True,
        "expr": f"1000 * ({RELEASES})",
        "titleFormat": "{{app}} {{tag}}",
        "useValueForTime": "on",
    }
    source = {"name": "source", "type": "datasource", "query": "prometheus", "label": "Prometheus"}
    return {
        "title": "readyhost",
        "uid": "readyhost",
        "schemaVersion": 36,
        "time": {"from": "now-1h", "to": "now"},
        "refresh": "1m",
        "templating": {"list": [source]},
        "annotations": {"list": [releases]},
        "panels": [_panel(number, panel) for number, panel in enumerate(PANELS)],
    }


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    targets = [
        {
            "refId": chr(ord("A") + position),
            "datasource": SOURCE,
            "expr": line.query.replace("WINDOW", "$__rate_interval"),
            "legendFormat": re.sub(r"\{(\w+)\}", r"{{\1}}", line.words),
        }
        for position, line in enumerate(panel.lines)
    ]
    place = {"x": number % COLUMNS * WIDTH, "y": number // COLUMNS * HEIGHT}
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": f"{panel.group}: {panel.title}",
        "datasource": SOURCE,
        "gridPos": {"w": WIDTH, "h": HEIGHT, **place},
        "fieldConfig": {"defaults": {"unit": UNITS[panel.unit], "min": 0}, "overrides": []},
        "targets": targets,
    }


if __name__ == "__main__":
    print(json.dumps(document(), indent=1))
