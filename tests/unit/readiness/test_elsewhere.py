"""Whether a Prometheus elsewhere asks, as a host's shell finds it in Nginx's log (MON-01)."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from readiness.inside import monitoring
from readiness.outcome import Outcome
from roles.monitoring.elsewhere import Scraped

NODE = Scraped("node", "/node", "http://127.0.0.1:9100/metrics")


def line(path: str, minutes: float, status: int = 200) -> str:
    when = datetime.now(timezone.utc) - timedelta(minutes=minutes)
    values = {"time": when.isoformat(), "client": "192.0.2.20", "path": path, "status": status}
    return json.dumps(values, separators=(",", ":"))


@pytest.mark.parametrize(
    ("lines", "outcome", "words"),
    [
        ([line("/node", 20), line("/node", 1)], Outcome.TRUE, "192.0.2.20 has asked"),
        ([line("/node", 20), line("/node", 1, 502)], Outcome.FALSE, "for 20 minutes"),
        ([line("/nodes", 1), line("/other/node", 1)], Outcome.FALSE, "asked for /node yet"),
    ],
)
def test_who_asked_last_is_read_from_nginxs_log(
    lines: list[str], outcome: Outcome, words: str, tmp_path: Path
) -> None:
    log, mark = tmp_path / "scraped.log", tmp_path / "remote"
    log.write_text("".join(f"{each}\n" for each in lines))
    mark.touch()
    ask = monitoring._ask("up", [NODE], ".").replace(monitoring.REMOTE, str(mark))
    ask = ask.replace(monitoring.LOG, str(log))
    exporter = tmp_path / "curl"
    exporter.write_text("#!/bin/sh\necho up\n")
    exporter.chmod(0o755)
    said = subprocess.check_output(
        ["/bin/sh", "-c", ask], text=True, env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    ).splitlines()
    finding = monitoring._elsewhere(said, [NODE])
    assert finding is not None
    assert finding.outcome is outcome
    assert words in finding.evidence
