"""`make destroy` takes away what the demo made, its folders too, and nothing of others."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from vagrant.driver import ROOT

REPORT = "reports/vagrant/ready.html"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """One with a demo's report, where no box is."""
    (tmp_path / "vagrant").mkdir()
    shutil.copy(ROOT / "vagrant" / "undo", tmp_path / "vagrant")
    (tmp_path / "vagrant" / "box").write_text("#!/bin/sh\n")
    (tmp_path / "vagrant" / "box").chmod(0o755)
    for path, text in ((REPORT, "true"), (".cache/demo/made", f"{REPORT}\n")):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def left(checkout: Path) -> set[str]:
    subprocess.run([checkout / "vagrant" / "undo"], check=True)
    folders = (path for path in checkout.rglob("*") if path.is_dir())
    return {str(path.relative_to(checkout)) for path in folders} - {"vagrant"}


def test_nothing_of_it_is_left(checkout: Path) -> None:
    assert left(checkout) == set()


def test_a_report_of_a_teams_own_stays(checkout: Path) -> None:
    (checkout / "reports" / "prod").mkdir()
    assert left(checkout) == {"reports", "reports/prod"}
