"""Which Python an application gets, and what the host's program does for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from roles.app import facts
from roles.app.builds import build
from roles.app.host import built, python_source
from roles.app.host.python import _inside, programs
from roles.app.process_layout import lay_out
from roles.app.python_settings import SERIES, Python
from roles.app.releases import Release
from roles.app.runtimes import python
from roles.core.errors import OperatorError
from roles.core.machine import Machine

from .conftest import settings

JAMMY, NOBLE = Machine.example("jammy"), Machine.example("noble")
READY = {"version": "3.12", "url": "https://mirror.test/p.tar.gz", "digest": "a" * 64}


def made(machine: Machine, asked: str = "", **own: str) -> dict[str, object]:
    release = replace(Release.example(), texts={".python-version": asked})
    app = settings(python=own)
    return build(app, lay_out(app, machine, release).kind, release, machine)


def test_APP_15_the_host_s_own_is_taken_where_it_is_the_one() -> None:
    assert python.wanted(Python(), JAMMY) is None
    assert python.wanted(Python(version="3.12"), NOBLE) is None
    assert made(NOBLE, version="3.12")["runtime"] == "python 3.12"
    assert "dpkg-dev" not in facts.packages(settings(python={"version": "3.12"}), NOBLE, {"python"})


def test_APP_15_another_one_is_part_of_what_a_release_is_made_from() -> None:
    own = made(JAMMY, "3.12", version="3.12")
    version = python_source.newest("3.12")
    assert own["runtime"] == f"python {version}"
    assert programs(own) == f"/opt/python/{version}/bin"
    assert "dpkg-dev" in facts.packages(settings(python={"version": "3.12"}), JAMMY, {"python"})
    before = built.inputs(made(JAMMY), {})
    assert built.changed(before, built.inputs(own, {})) == ["app.build runtime"]


def test_APP_15_where_it_was_fetched_makes_no_difference_and_its_digest_does() -> None:
    one = built.identity(made(JAMMY, **READY), {})
    moved = {**READY, "url": "https://other.test/p.tar.gz"}
    assert built.identity(made(JAMMY, **moved), {}) == one
    assert built.identity(made(JAMMY, **{**READY, "digest": "b" * 64}), {}) != one
    assert "dpkg-dev" not in facts.packages(settings(python=READY), JAMMY, {"python"})


@pytest.mark.parametrize(
    ("asked", "lowest"),
    [("3.12", "3.12"), (">=3.11", "3.11"), ("^3.13", "3.13"), ("3.14.2", "3.14")],
)
def test_APP_15_what_is_asked_for_and_not_given_is_named_with_the_setting(
    asked: str, lowest: str
) -> None:
    with pytest.raises(OperatorError, match=f'set app.python.version = "{lowest}"'):
        made(JAMMY, asked)
    assert made(JAMMY, asked, version=lowest)["python"]


def test_APP_15_every_version_has_a_source_and_a_key() -> None:
    for series in SERIES:
        found = python_source.KNOWN["pythons"][series]
        assert found["version"].startswith(f"{series}.")
        assert "BEGIN PGP PUBLIC" in python_source.KNOWN["keys"][found["distribution"]][0]
        own = {"series": series, "version": found["version"]}
        lines = python_source.commands(Path("/h/python"), Path("/opt/python/x"), own)
        assert "signed-by=$PWD/keys.asc" in lines
        assert f"source --download-only python{series}={found['version']}" in lines


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "3.9"},
        {"version": "3.12; rm"},
        {"url": READY["url"], "version": "3.12"},
        {"url": READY["url"], "digest": READY["digest"]},
        {"mirror": "http://a.test/'", "version": "3.12"},
    ],
)
def test_APP_15_what_cannot_be_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"version|digest|pattern"):
        Python.model_validate(wrong)


def test_APP_15_no_link_leads_out_of_a_python(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    for goal, good in (("python3.12", True), ("../lib", True), ("../../x", False), ("/etc", False)):
        link = tmp_path / "bin" / "link"
        link.unlink(missing_ok=True)
        link.symlink_to(goal)
        assert _inside(link, tmp_path) == good


def test_APP_15_nor_by_a_folder_that_is_a_link_itself(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    (whole / "lib/deep").mkdir(parents=True)
    (whole / "top").mkdir()
    (whole / "lib/deep/up").symlink_to("../../top")
    way = whole / "way"
    way.symlink_to("lib/deep/up/../../secret")  # of its letters alone it is in lib
    (tmp_path / "secret").write_text("secret")
    assert way.read_text() == "secret"
    assert not _inside(way, whole)
