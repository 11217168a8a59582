"""A role more: a team's own is a folder beside its inventory and changes nothing of the project;
one of readyhost's is two folders, a field and a line."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from tests.host.conftest import Host
from tests.host.stages import once_at_all
from tests.support import project as projects
from vagrant.driver import ROOT, Box
from vagrant.running import changes, work

ROLE = '''
from pydantic import Field

from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.model import Section
from roles.core.step import Part
from roles.core.templates import render


class Settings(Section):
    """What the greeting says."""

    words: str = Field("hello", description="The greeting.")


def part(settings: Settings, machine: Machine) -> Part:
    file = render("greeting", "/etc/greeting.conf", settings=settings, machine=machine)
    checks = ["! grep -q rude /etc/greeting.conf"]
    step = Files("Greeting | configuration", "greeting", [file], checks=checks)
    return Part("greeting", (step,))
'''
FILE = "/etc/greeting.conf"


@pytest.fixture
def team(box: Host, tmp_path: Path) -> Box:
    """The box, as a team's clone with an own role sees it."""
    clone = projects.copy(tmp_path / "clone")
    shutil.copy2(ROOT / "inventories/vagrant.env", clone / "inventories")  # git does not know it
    role = clone / "inventories/roles/greeting"
    (role / "templates/etc").mkdir(parents=True)
    (role / "role.py").write_text(ROLE)
    text = "{{ settings.words }} on {{ machine.cores }} cores\n"
    (role / "templates/etc/greeting.conf.j2").write_text(text)
    return dataclasses.replace(box, project=clone)


@once_at_all
def test_a_teams_own_role_is_taken_in_checked_and_taken_away(team: Box) -> None:
    said = team.converge(READYHOST_OWN__GREETING__WORDS="ahoy").stdout
    assert set(work(said)) == {"Greeting | configuration"}
    assert team.ssh(f"cat {FILE}").startswith("ahoy on ")
    assert changes(team.converge(READYHOST_OWN__GREETING__WORDS="ahoy").stdout) == {}

    refused = team.pyinfra("-y", check=False, values={"READYHOST_OWN__GREETING__WORDS": "rude"})
    assert refused.returncode == 1
    assert "ahoy" in team.ssh(f"cat {FILE}"), "what the role's own check refuses is not in place"
    unknown = team.pyinfra("-y", check=False, values={"READYHOST_OWN__GREETING__WORD": "x"})
    assert "READYHOST_OWN__GREETING__WORD: is unknown" in unknown.stdout

    role = team.project / "inventories/roles/greeting/role.py"
    role.write_text(ROLE.replace("/etc/greeting.conf", "/etc/nginx/nginx.conf"))
    template = role.parent / "templates/etc"
    shutil.copytree(template, template / "nginx")
    (template / "nginx/greeting.conf.j2").rename(template / "nginx/nginx.conf.j2")
    other = team.pyinfra("-y", check=False)
    assert "/etc/nginx/nginx.conf: the role greeting wants it, and it is the role nginx's" in (
        other.stdout
    )

    shutil.rmtree(role.parent)
    said = team.converge().stdout
    assert "Host | no file of greeting, a role that is gone" in changes(said)
    assert team.run(f"test -e {FILE}").returncode == 1
    assert changes(team.converge().stdout) == {}


@once_at_all
def test_a_new_role_of_readyhosts_is_two_folders_a_field_and_a_line(
    box: Host, tmp_path: Path
) -> None:
    clone = projects.copy(tmp_path / "clone")
    shutil.copy2(ROOT / "inventories/vagrant.env", clone / "inventories")
    (clone / "roles/greeting").mkdir()
    (clone / "roles/greeting/role.py").write_text(ROLE)
    (clone / "roles/greeting/__init__.py").write_text("from .role import Settings, part\n")
    (clone / "templates/greeting/etc").mkdir(parents=True)
    (clone / "templates/greeting/etc/greeting.conf.j2").write_text("{{ settings.words }}\n")
    add(
        clone / "settings.py",
        "from roles.hardening.settings",
        "from roles.greeting.role import Settings as Greeting\n",
    )
    add(
        clone / "settings.py", "    maintained: Maintained", "    greeting: Greeting = Greeting()\n"
    )
    add(clone / "roles/plan.py", "    hardening,\n", "    greeting,\n")
    line = "        greeting.part(settings.greeting, machine),\n"
    add(clone / "roles/plan.py", "        maintained.part(", line)
    team = dataclasses.replace(box, project=clone)
    try:
        team.converge(READYHOST_GREETING__WORDS="ahoy")
        assert team.ssh(f"cat {FILE}") == "ahoy"
        assert changes(team.converge(READYHOST_GREETING__WORDS="ahoy").stdout) == {}
    finally:
        box.converge()
    assert box.run(f"test -e {FILE}").returncode == 1


def add(file: Path, before: str, line: str) -> None:
    """Put a line into a file."""
    text = file.read_text()
    assert text.count(before) == 1
    file.write_text(text.replace(before, f"{line}{before}"))
