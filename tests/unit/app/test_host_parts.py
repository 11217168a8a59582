"""The host's program with a release of several parts: in which order it builds, and what stays."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from roles.app.host import packed
from roles.app.host import parts as host_parts
from roles.app.host.definition import Definition
from roles.app.host.layout import Layout


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
