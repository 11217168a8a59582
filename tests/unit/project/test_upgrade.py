"""A team's clone with an inventory, a snippet and a role of its own takes in a new version."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import project as projects
from vagrant.driver import ROOT
from vagrant.example import git

OWN = {
    "inventories/prod/nginx/server/team.conf": "location = /team { return 204; }\n",
    "inventories/roles/greeting/role.py": """
from roles.core.step import Part


def part(settings, machine):
    return Part("greeting", packages=("htop",))
""",
}
LOOK = """
from settings import load
found = load("prod")
own = type(found).model_fields["own"].annotation
print(*(each.source for each in found.snippets), *own.model_fields)
"""


def last_release() -> str:
    """The newest version's tag before this one; where there is none, the commit before."""
    for ask in (["describe", "--tags", "--abbrev=0", "--match=v*"], ["rev-parse", "HEAD^"]):
        said = subprocess.run(["git", *ask], cwd=ROOT, capture_output=True, text=True, check=False)
        if said.returncode == 0:
            return said.stdout.strip()
    return "HEAD"  # a checkout without a history


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """The team's clone of the last release, and as `readyhost` where this version comes from."""
    upstream, clone = tmp_path / "upstream", tmp_path / "team"
    upstream.mkdir()
    git(upstream, "init", "-q", "-b", "main")
    packed = subprocess.run(
        ["git", "archive", last_release()], cwd=ROOT, capture_output=True, check=True
    ).stdout
    subprocess.run(["tar", "-x"], cwd=upstream, input=packed, check=True)
    commit(upstream, "the last release")
    git(tmp_path, "clone", "-q", "-o", "readyhost", str(upstream), str(clone))

    projects.environment(clone, hosts=["192.0.2.1"], user="root", key="", repository="/srv/a.git")
    for name, text in OWN.items():
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text(text)
    commit(clone, "ours")

    git(upstream, "rm", "-rqf", ".")
    projects.copy(upstream)
    commit(upstream, "this version")
    return clone


def commit(repository: Path, message: str) -> None:
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "--allow-empty", "-m", message)


def test_a_teams_own_meets_no_conflict_and_is_taken_in(team: Path) -> None:
    before = {
        path: (team / path).read_bytes()
        for path in git(team, "diff", "--name-only", "HEAD^").split()
    }
    assert {"inventories/prod.toml", *OWN} == set(before)
    git(team, "fetch", "-q", "readyhost")
    git(team, "merge", "-q", "--no-edit", "readyhost/main")
    assert git(team, "status", "--porcelain") == ""
    assert {path: (team / path).read_bytes() for path in before} == before
    # and it has this version
    assert git(team, "diff", "--name-only", "readyhost/main").split() == sorted(before)

    said = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=team, env={"PYTHONPATH": str(team)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.split() == ["inventories/prod/nginx/server/team.conf", "greeting"]
