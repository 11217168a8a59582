"""A release of several parts, and one that is only files: what is built and kept, what runs."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from roles.app import files as written
from roles.app import mounts, names, parts
from roles.app.builds import build
from roles.app.host import built, packed
from roles.app.host import parts as host_parts
from roles.app.host.definition import Definition
from roles.app.host.layout import Layout
from roles.app.placed import Placed
from roles.app.process_layout import lay_out
from roles.app.releases import Release
from roles.app.source import resolve
from roles.core.entries import File
from roles.core.errors import OperatorError
from roles.core.machine import Machine

from .conftest import Repository, settings

FULLSTACK: dict[str, Any] = {
    "builds": {
        "backend": {"directory": "backend"},
        "frontend": {"directory": "frontend", "output": "dist"},
    },
    "mounts": [{"build": "frontend", "fallback": "index.html"}],
}
STATIC: dict[str, Any] = {"kind": "static", "mounts": [{"folder": "public"}]}
MACHINE = Machine.example("jammy", cores=2, memory_mb=4096)
LOCK = json.dumps({"lockfileVersion": 3, "packages": {"": {}}})
FILES = {
    "Procfile": "web: uvicorn app:app --uds $SOCKET\n",
    "backend/requirements.txt": "uvicorn==1.0\n",
    "frontend/package.json": '{"scripts": {"build": "vite build"}}',
    "frontend/package-lock.json": LOCK,
}


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return commit(tmp_path, FILES)


def commit(place: Path, files: dict[str, str], **chosen: Any) -> Release:
    repository = Repository(place / "shop")
    for name, text in files.items():
        (repository.path / name).parent.mkdir(parents=True, exist_ok=True)
        (repository.path / name).write_text(text)
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "v1.0.0")
    repository.git("tag", "v1.0.0")
    own = settings(**{**FULLSTACK, **chosen})
    return parts.released(resolve(str(repository.path), "v1.0.0"), own)


def made(release: Release, **chosen: Any) -> dict[str, Any]:
    own = settings(**{**FULLSTACK, **chosen})
    return build(own, lay_out(own, MACHINE, release).kind, release, MACHINE)


def test_APP_14_each_part_is_built_as_its_files_say(release: Release) -> None:
    found = made(release)
    assert found["dependencies"] is None, "the root of a repository with a back end is not built"
    backend, frontend = found["parts"]
    assert backend["build"]["dependencies"]["product"] == ".venv"
    assert frontend["build"]["dependencies"]["product"] == "node_modules"
    assert frontend["build"]["steps"] == ["npm run build --if-present"], "nothing is pruned"
    assert (frontend["directory"], frontend["output"]) == ("frontend", "dist")
    assert found["packed"] == ["frontend/dist"]


def test_APP_14_a_part_without_hashes_is_said(release: Release) -> None:
    assert made(release)["unlocked"] == "backend: its requirements.txt has no hashes"


def test_APP_14_the_back_end_says_what_runs(release: Release) -> None:
    own = settings(**FULLSTACK)
    found = lay_out(own, MACHINE, release)
    assert (found.kind, found.web.instances) == ("python", 5)
    units = [
        entry.data.decode()
        for entry in written.units.units(own, MACHINE, found)
        if entry.path.endswith("app-web-blue@.service")
    ]
    assert "/srv/app/blue/backend/.venv/bin" in units[0]
    assert "frontend" not in units[0]


def test_APP_14_a_front_end_beside_a_back_end_at_the_root(tmp_path: Path) -> None:
    files = {**FILES, "requirements.txt": "uvicorn==1.0\n"}
    only = {"builds": {"frontend": FULLSTACK["builds"]["frontend"]}}
    found = made(commit(tmp_path, files, **only), **only)
    assert found["dependencies"]["product"] == ".venv"
    assert [part["name"] for part in found["parts"]] == ["frontend"]


WORKSPACE: dict[str, Any] = {
    "kind": "python",
    "builds": {"backend": {"kind": "python"}, "frontend": {"kind": "node"}},
    "mounts": [{"folder": "frontend/dist"}],
}


def test_APP_14_two_workspaces_at_the_root_are_two_parts_there(tmp_path: Path) -> None:
    """What docs/frontends.md says of lock files that both lie at the root."""
    files = {Path(name).name: text for name, text in FILES.items()}
    release = commit(tmp_path, files, **WORKSPACE)
    found = made(release, **WORKSPACE)
    assert found["dependencies"] is None
    products = [part["build"]["dependencies"]["product"] for part in found["parts"]]
    assert products == [".venv", "node_modules"]
    assert {(part["directory"], part["output"]) for part in found["parts"]} == {("", "")}
    assert found["packed"] == ["frontend/dist"]
    own = settings(**{**FULLSTACK, **WORKSPACE})
    units = written.units.units(own, MACHINE, lay_out(own, MACHINE, release))
    (web,) = (e.data.decode() for e in units if e.path.endswith("app-web-blue@.service"))
    assert "/srv/app/blue/.venv/bin" in web


def test_APP_14_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if "frontend" not in name}
    with pytest.raises(OperatorError, match=r"no folder 'frontend' \(app.builds.frontend"):
        commit(tmp_path, files)


def test_APP_14_a_folder_beside_the_application_s_is_told_from_one_that_is_nowhere(
    tmp_path: Path,
) -> None:
    repository = Repository(tmp_path / "shop")
    for name, text in FILES.items():
        (repository.path / name).parent.mkdir(parents=True, exist_ok=True)
        (repository.path / name).write_text(text)
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "v1.0.0")
    repository.git("tag", "v1.0.0")
    found = resolve(str(repository.path), "v1.0.0", "backend")
    beside = {"builds": {"front": {"directory": "frontend", "output": "dist"}}}
    with pytest.raises(OperatorError) as refused:
        parts.released(found, settings(directory="backend", **beside))
    said = str(refused.value)
    assert "no folder 'backend/frontend'" in said
    assert "leave app.directory out" in said
    assert 'app.builds.backend.directory = "backend"' in said
    nowhere = {"builds": {"front": {"directory": "none", "output": "dist"}}}
    with pytest.raises(OperatorError, match=r"below app.directory 'backend'\)\. Nothing has been"):
        parts.released(found, settings(directory="backend", **nowhere))


def test_APP_14_what_cannot_be_built_is_named_with_its_part(release: Release) -> None:
    strict = {**FULLSTACK["builds"], "backend": {"directory": "backend", "require_hashes": True}}
    with pytest.raises(OperatorError, match=r"app.builds.backend: .*without hashes"):
        made(release, builds=strict)


def test_APP_14_a_lock_file_above_a_part_is_refused_in_the_keys_of_the_part(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if not name.endswith("lock.json")}
    release = commit(tmp_path, {**files, "bun.lock": "{}"})
    with pytest.raises(OperatorError) as refused:
        made(release)
    said = str(refused.value)
    assert "app.builds.frontend.directory" in said
    assert 'app.builds.frontend.ignore = ["bun.lock"]' in said
    assert "app.directory" not in said and "app.build." not in said


def test_APP_14_a_changed_part_is_built_again(release: Release) -> None:
    again = {**FULLSTACK["builds"]["frontend"], "env": {"API": "x"}}
    words = {**FULLSTACK["builds"]["frontend"], "timeout_seconds": 60}
    before, changed, same = (
        built.inputs(made(release, builds={**FULLSTACK["builds"], "frontend": each}), {})
        for each in (FULLSTACK["builds"]["frontend"], again, words)
    )
    assert built.changed(before, changed) == ["app.builds.frontend"]
    assert built.changed(before, same) == []


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"mounts": [{"build": "none"}]}, "'none' is none of app.builds"),
        ({"mounts": [{"url": "/a/"}, {"url": "/a/"}]}, "/a/ is served twice"),
        ({"static": "static", "mounts": [{"url": "/static/"}]}, "/static/ is served twice"),
        ({"mounts": [{"url": "/uploads/"}]}, "visitors have uploaded"),
        ({"mounts": [{"url": "/a"}]}, "match"),
        ({"mounts": [{"folder": "../.."}]}, "match"),
        ({"builds": {"a": {"output": "dist"}}}, "needs a directory.*leave output out"),
        ({"builds": {"a": {"directory": "a", "output": "../b"}}}, "match"),
        (
            {"builds": {"a": {"directory": "a", "output": "dist"}, "b": {"directory": "a/b"}}},
            "builds.b lies in the folder of builds.a",
        ),
        ({"kind": "static"}, "needs app.mounts"),
        ({**STATIC, "workers": {"mail": {}}}, "runs nothing"),
    ],
)
def test_APP_14_what_does_not_go_together_is_refused(values: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        settings(**values)


def test_APP_14_nothing_runs_of_what_is_only_files() -> None:
    own, release = settings(**STATIC), replace(Release.example(), procfile="")
    found = lay_out(own, MACHINE, release)
    assert (found.kind, found.processes, found.web.instances) == ("static", 0, 0)
    units = [Path(e.path).name for e in written.units.units(own, MACHINE, found)]
    assert not [name for name in units if "web" in name]
    entries = written.entries(
        Placed(own, MACHINE, release),
        environment="production",
        values=dict.fromkeys(names.KEYS, "x"),
    )
    (text,) = (e.data for e in entries if isinstance(e, File) and e.path.endswith("release.json"))
    wanted = json.loads(text)
    assert wanted["processes"] == {"web": 0}
    assert wanted["mounts"] == mounts.defined(own)
    assert wanted["mounts"][0]["folder"] == "public"
    assert wanted["build"]["packed"] == ["public"]


def place(folder: Path, name: str, product: str, **more: Any) -> host_parts.Place:
    dependencies = {"product": product, "steps": [f"install {name}"], "scripts": [f"own {name}"]}
    made = {"dependencies": dependencies if product else None, "steps": [f"build {name}"]}
    definition = Definition(folder, "v1", "c", "i", {"web": 1}, {}, build=made)
    return host_parts.Place(definition, folder / name, name, **more)


def test_APP_14_nothing_has_run_when_what_is_shared_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Node.js first, which only unpacks; one set of Python's is kept, since pip runs code."""
    done: list[str] = []

    def install(layout: Layout, of: Definition, folder: Path, step: object, say: object) -> str:
        kept = of.build["dependencies"] and of.build["dependencies"].get("kept", True)
        done.append(f"install {folder.name}{' to keep' if kept else ''}")
        return folder.name if kept else ""

    monkeypatch.setattr(host_parts.dependencies, "install", install)
    every = [
        place(tmp_path, "one", ".venv"),
        place(tmp_path, "page", "node_modules", output="dist"),
        place(tmp_path, "two", ".venv"),
        place(tmp_path, "", ""),
    ]
    said: list[str] = []

    class Step:
        def __call__(self, command: str, readable: object = ()) -> None:
            done.append(command)

        def hand(self, name: str, lines: object) -> None:
            raise AssertionError(name)

    keys = host_parts.build(Layout("app"), every, lambda place: Step(), said.append)
    assert keys == "page one"
    first = ["install page to keep", "install one to keep", "install two"]
    assert done[:3] == first
    order = ["own one", "build one", "own page", "build page", "own two", "build two", "build "]
    assert done[4:11] == order
    assert "build step of page: build page" in said


def test_APP_14_only_the_output_stays(tmp_path: Path) -> None:
    for name in ("src/a.js", "node_modules/x/y.js", "build/client/index.html", "build/b", ".npmrc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    line = host_parts._strip(place(tmp_path, "", "", output="build/client"))
    subprocess.run(["sh", "-ec", line], cwd=tmp_path, check=True)
    left = [str(path.relative_to(tmp_path)) for path in sorted(tmp_path.rglob("*"))]
    assert left == ["build", "build/client", "build/client/index.html"]


def test_APP_14_a_build_without_its_output_fails(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "dist").symlink_to("src")
    line = host_parts._strip(place(tmp_path, "", "", output="dist"))
    done = subprocess.run(
        ["sh", "-ec", line], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "no folder dist of its own" in done.stderr
    assert (tmp_path / "src").is_dir()


def test_WEB_16_text_is_compressed_and_what_was_made_stays(tmp_path: Path) -> None:
    long = "x" * 3000
    texts = {"a.js": long, "own.css": long, "own.css.gz": "own", "small.js": "x", "b.png": long}
    for name, text in {**texts, "it's $HOME.html": long, "node_modules/c.js": long}.items():
        (tmp_path / "dist" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "dist" / name).write_text(text)
    (tmp_path / "dist" / "away.js").symlink_to("/etc/services")
    for _ in "12":  # a second time nothing is left to do
        subprocess.run(["sh", "-ec", packed.command(["dist"])], cwd=tmp_path, check=True)
    made = sorted(path.name for path in (tmp_path / "dist").rglob("*.gz"))
    assert made == ["a.js.gz", "it's $HOME.html.gz", "own.css.gz"]
    assert (tmp_path / "dist" / "own.css.gz").read_text() == "own"
    assert (tmp_path / "dist" / "a.js").read_text() == long
