"""A team's own roles: what is refused, and what of one that is gone goes."""

from __future__ import annotations

import pytest

from roles.core.entries import Directory, File
from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.own import _wrong, gone
from roles.core.plan import Plan
from roles.core.step import Part, UntilLive


def part(role: str, *paths: str, key: str = "", last: bool = False) -> Part:
    step = Files(f"{role} | files", key or role, [File(path, "x") for path in paths])
    return Part(role, last=(step,)) if last else Part(role, (step,))


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("greeting", part("greeting", "/etc/a"), ""),
        ("nginx", part("nginx", "/etc/a"), "is a role of readyhost's"),
        ("app-shop", part("app-shop", "/etc/a"), "is a role of readyhost's"),
        ("greeting", part("other", "/etc/a"), "a Part of the role 'greeting'"),
        ("greeting", None, "a Part of the role 'greeting'"),
        ("greeting", part("greeting", "/etc/a", key="nginx"), "its Files must have the role"),
        ("greeting", part("greeting", "/etc/a", key="nginx", last=True), "its Files must have"),
    ],
)
def test_what_would_undo_another_role_is_refused(name: str, given: object, words: str) -> None:
    said = _wrong(name, given)
    assert words in said
    assert bool(said) == bool(words)


def removed(machine: Machine, plan: Plan, *manifest: str) -> list[str]:
    """What goes from a host that has all of the manifest of the one role that is gone."""
    (step,) = Plan((gone(machine, plan), *plan.parts)).shared().parts[0].steps
    here = [f"manifest {path}" for path in manifest]
    here += [f"path f|644|root|root|{path}|" for path in manifest]
    due = step.due(here)
    assert due.do, "the manifest itself is emptied"
    return [word.removeprefix("remove ") for word in due.words if word.startswith("remove ")]


def test_a_role_that_was_renamed_keeps_its_files() -> None:
    machine = Machine.example(told=("manifest old", "manifest new", "manifest app-former"))
    plan = Plan((part("new", "/etc/a"),))
    assert removed(machine, plan, "/etc/a", "/etc/b") == ["/etc/b"]


def test_a_folder_of_two_roles_stays_when_one_of_them_ends() -> None:
    former = Files("a | files", "a", ())
    other = Files("b | files", "b", [Directory("/var/both"), File("/var/both/b", "x")])
    plan = Plan((Part("a", (UntilLive(former),)), Part("b", last=(other,)))).shared()
    here = ["manifest /var/both", "manifest /var/a", "path d|755|root|root|/var/both|"]
    due = plan.steps[0].due([*here, "path f|644|root|root|/var/a|"])
    assert [word for word in due.words if word.startswith("remove ")] == ["remove /var/a"]


def test_a_role_whose_files_come_last_is_there() -> None:
    machine = Machine.example(told=("manifest late",))
    assert gone(machine, Plan((part("late", "/etc/a", last=True),))).steps == ()
