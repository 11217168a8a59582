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


def line(path: str, minutes: float, status: int) -> str:
    when = datetime.now(timezone.utc) - timedelta(minutes=minutes)
    values = {"time": when.isoformat(), "client": "192.0.2.20", "path": path, "status": status}
    return json.dumps(values, separators=(",", ":"))


@pytest.mark.parametrize(
    ("asked", "outcome", "words"),
    [
        ([("/node", 20, 200), ("/node", 1, 200)], Outcome.TRUE, "192.0.2.20 has asked"),
        ([("/node", 20, 200), ("/node", 1, 502)], Outcome.FALSE, "for 20 minutes"),
        ([("/nodes", 1, 200), ("/other/node", 1, 200)], Outcome.FALSE, "asked for /node yet"),
    ],
)
def test_who_asked_last_is_read_from_nginxs_log(
    asked: list[tuple[str, float, int]], outcome: Outcome, words: str, tmp_path: Path
) -> None:
    log, mark = tmp_path / "scraped.log", tmp_path / "remote"
    log.write_text("".join(f"{line(*each)}\n" for each in asked))
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
