"""The workflows that a team copies: their steps are run here as GitHub would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.project import SECRETS, copy

ROOT = Path(__file__).parents[3]
WORKFLOWS = sorted((ROOT / "examples" / "ci").glob("*.yml"))
PINNED = re.compile(r"uses: (\./\S+|[\w-]+/[\w-]+@[0-9a-f]{40}) # (v[\d.]+|zizmor: )")
LOAD = "import settings, pathlib; print(settings.load('prod').app.repository)"


def read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "examples" / "ci" / name).read_text()))


def test_there_are_workflows() -> None:
    assert [path.name for path in WORKFLOWS] == ["deploy.yml", "release.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_and_nothing_may_be_written(path: Path) -> None:
    uses = [line for line in path.read_text().splitlines() if "uses:" in line]
    assert uses
    assert [line for line in uses if not PINNED.search(line)] == []
    workflow = read(path.name)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read"}


def test_production_comes_after_staging_and_staging_after_the_tests() -> None:
    jobs = read("deploy.yml")["jobs"]
    assert jobs["staging"]["needs"] == "test"
    assert jobs["production"]["needs"] == "staging"
    assert jobs["production"]["with"]["environment"] == "prod"


def test_its_steps_make_an_environment_that_loads_and_forget_it(tmp_path: Path) -> None:
    project = copy(tmp_path / "readyhost")
    (project / "inventories" / "prod.toml").write_text(
        'domain = "shop.example"\n[app]\nrepository = "elsewhere"\n'
    )
    runner = tmp_path / "runner"
    runner.mkdir()
    given = {
        "ENVIRONMENT": "prod",
        "SETTINGS": "\n".join(f"{name}={value}" for name, value in SECRETS.items()),
        "KNOWN_HOSTS": "shop.example ssh-ed25519 AAAA",
        "SSH_KEY": "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----",
        "RUNNER_TEMP": str(runner),
        "READYHOST_APP__REPOSITORY": f"{tmp_path}/application",
    }
    environment = {**os.environ, **given, "PYTHONPATH": str(project)}

    def step(name: str) -> None:
        steps = read("release.yml")["jobs"]["release"]["steps"]
        (script,) = [each["run"] for each in steps if each["name"] == name]
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]  # as GitHub's
        subprocess.run(shell, cwd=project, env=environment, check=True)

    step("what this environment alone knows")
    written = [project / "inventories" / "prod.env", runner / "ssh_key"]
    assert [path.stat().st_mode & 0o777 for path in written] == [0o600, 0o600]
    assert written[1].read_text() == f"{given['SSH_KEY']}\n"
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=project, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert loaded.stdout.strip() == given["READYHOST_APP__REPOSITORY"]
    step("the secrets are forgotten")
    assert [path for path in written if path.exists()] == []
