"""A team's clone of the last release, with an inventory, a snippet and a role of its own, and the
version that is to come."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.support import project as projects
from vagrant.driver import ROOT
from vagrant.example import git

FROM = "UPGRADE_FROM"
"""Names another version to come from than the last one, for whoever wants to try that."""

OWN = {
    "inventories/prod/nginx/server/team.conf": "location = /team { return 204; }\n",
    "inventories/roles/greeting/role.py": """
from roles.core.step import Part


def part(settings, machine):
    return Part("greeting", packages=("htop",))
""",
}


def last_release() -> str:
    """The newest version's tag before this one; where there is none, the commit before."""
    if named := os.environ.get(FROM):
        return named
    before = "HEAD^"  # this version may have its tag by now
    for ask in (["describe", "--tags", "--abbrev=0", "--match=v*", before], ["rev-parse", before]):
        said = subprocess.run(["git", *ask], cwd=ROOT, capture_output=True, text=True, check=False)
        if said.returncode == 0:
            return said.stdout.strip()
    return "HEAD"  # a checkout without a history


def clone(folder: Path, *, host: str, user: str, key: str, repository: str) -> Path:
    """The team's clone below `folder`, for one host. Its remote `readyhost` has this version."""
    upstream, team = folder / "upstream", folder / "team"
    upstream.mkdir()
    git(upstream, "init", "-q", "-b", "main")
    packed = subprocess.run(
        ["git", "archive", last_release()], cwd=ROOT, capture_output=True, check=True
    ).stdout
    subprocess.run(["tar", "-x"], cwd=upstream, input=packed, check=True)
    commit(upstream, "the last release")
    git(folder, "clone", "-q", "-o", "readyhost", str(upstream), str(team))

    projects.environment(team, hosts=[host], user=user, key=key, repository=repository)
    for name, text in OWN.items():
        (team / name).parent.mkdir(parents=True, exist_ok=True)
        (team / name).write_text(text)
    commit(team, "ours")

    git(upstream, "rm", "-rqf", ".")
    projects.copy(upstream)
    commit(upstream, "this version")
    return team


def take_in(team: Path) -> None:
    """This version comes to the team's clone, as docs/upgrading.md says."""
    git(team, "fetch", "-q", "readyhost")
    git(team, "merge", "-q", "--no-edit", "readyhost/main")
    left = git(team, "status", "--porcelain")
    assert left == "", left


def commit(repository: Path, message: str) -> None:
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "--allow-empty", "-m", message)
