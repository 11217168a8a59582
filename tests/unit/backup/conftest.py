"""What the tests of the host's program share: its configuration, on no host."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from roles.backup.derived import Kept, definition
from roles.backup.host import configuration, job_runs, monitor, restore_points
from roles.postgres import Cluster
from tests.unit.environments import STANDARD


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> configuration.Configuration:
    """A configuration as the toolkit writes it, and a state directory of the test's own."""
    for module in (job_runs, monitor):
        monkeypatch.setattr(module, "STATE", tmp_path)
    monkeypatch.setattr(restore_points, "FILE", tmp_path / "points.jsonl")
    kept = Kept("shop", "/srv/shop/uploads", Cluster(14), 5432, ("shop",))
    values = definition(STANDARD.settings.backup, kept)
    written = {**values, "textfile": str(tmp_path / "backup.prom")}
    return configuration.parse(json.loads(json.dumps(written)))
