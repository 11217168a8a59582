"""A team's clone with an inventory, a snippet and a role of its own takes in a new version."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

from tests.support import team as teams
from tests.support.runbook import blocks
from tests.support.team import OWN
from vagrant.example import git

LOOK = """
from settings import load
found = load("prod")
own = type(found).model_fields["own"].annotation
print(*(each.source for each in found.snippets), *own.model_fields)
"""


def test_a_teams_own_meets_no_conflict_and_is_taken_in(tmp_path: Path) -> None:
    team = teams.clone(tmp_path, host="192.0.2.1", user="root", key="", repository="/srv/a.git")
    before = {
        path: (team / path).read_bytes()
        for path in git(team, "diff", "--name-only", "HEAD^").split()
    }
    assert {"inventories/prod.toml", *OWN} == set(before)
    teams.take_in(team)
    assert {path: (team / path).read_bytes() for path in before} == before
    # and it has this version
    assert git(team, "diff", "--name-only", "readyhost/main").split() == sorted(before)

    said = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=team, env={"PYTHONPATH": str(team)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.split() == ["inventories/prod/nginx/server/team.conf", "greeting"]


def test_the_way_back_and_on_again(tmp_path: Path) -> None:
    """By the page's own commands, whether git had to merge or not; what the team has committed
    since goes, too, and nothing of the newer version stays."""
    team = teams.clone(tmp_path, host="192.0.2.1", user="root", key="", repository="/srv/a.git")
    before = git(team, "rev-parse", "HEAD^{tree}")
    git(team, "tag", "before-0.2.0")
    teams.take_in(team)
    (team / "inventories" / "prod.toml").write_text("# with the new names\n")
    teams.commit(team, "as the run said")
    newest = git(team, "rev-parse", "HEAD^{tree}")

    (back,) = blocks("upgrading.md", "Back", "sh", {})
    for command in back.splitlines()[:2]:
        git(team, *shlex.split(command)[1:])
    assert git(team, "rev-parse", "HEAD^{tree}") == before

    git(team, "revert", "--no-edit", "HEAD")
    assert git(team, "rev-parse", "HEAD^{tree}") == newest
    (tmp_path / "upstream" / "LATER").write_text("of the version after it\n")
    teams.commit(tmp_path / "upstream", "a later version")
    teams.take_in(team)
    assert (team / "LATER").exists()
    assert git(team, "diff", "--name-only", newest).split() == ["LATER"]
