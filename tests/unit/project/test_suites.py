"""What SUITES= says is what each part of the tests on boxes runs on."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HOST = ROOT / "tests" / "host"
STAND_IN = """#!/bin/sh
echo "$* on '$SUITES'" >>"$SEEN"
[ -z "${STAGE:-}" ] || echo "$SUITES:$STAGE:$ONCE" >>"$SEEN.stages"
echo "=== 1 passed in 0.10s ==="
"""
BY_THEMSELVES = ["backups", "systems", "several", "extern", "routes", "load", "openings", "upgrade"]


def started(folder: Path, wanted: str, suites: str) -> list[str]:
    """The runs of pytest that `make test TESTS=… SUITES=…` starts, by a stand-in for it."""
    (folder / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "parallel", folder / "tests")
    for name, text in {
        ".venv/bin/pytest": STAND_IN,
        "vagrant/box": "#!/bin/sh\necho noble,jammy\n",
    }.items():
        program = folder / name
        program.parent.mkdir(parents=True)
        program.write_text(text)
        program.chmod(0o755)
    seen = folder / "seen"
    env = {**os.environ, "TESTS": wanted, "SUITES": suites, "SEEN": str(seen)}
    done = subprocess.run([folder / "tests" / "parallel"], env=env, check=False)
    assert done.returncode == 0
    return seen.read_text().splitlines()


@pytest.mark.parametrize("wanted", BY_THEMSELVES)
def test_a_part_of_one_suite_runs_on_the_one_that_is_asked_for(tmp_path: Path, wanted: str) -> None:
    runs = started(tmp_path, wanted, "noble")
    assert runs and all(run.endswith("on 'noble'") for run in runs), runs


def test_without_suites_a_part_of_one_suite_takes_the_default_by_itself(tmp_path: Path) -> None:
    (run,) = started(tmp_path, "systems", "")
    assert "tests/systems" in run and run.endswith("on ''")


def test_what_is_tried_once_is_tried_by_one_run_of_each_suite(tmp_path: Path) -> None:
    started(tmp_path, "all", "noble,jammy")
    runs = [line.split(":") for line in (tmp_path / "seen.stages").read_text().splitlines()]
    assert {stage for suite, stage, _ in runs if suite == "jammy"} == {
        "converged",
        "rebooted",
        "once",
    }
    with_what_is_once = {test.parent.name for test in HOST.glob("*/test_*.py")}
    for suite in ("noble", "jammy"):
        parts = [once for of, _, once in runs if of == suite]
        assert parts == [""] or sorted(",".join(parts).split(",")) == sorted(with_what_is_once)
    assert not list(HOST.glob("test_*.py")), "nobody tries what is in no folder"
