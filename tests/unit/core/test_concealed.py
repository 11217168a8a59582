"""What --diff says of files that only root reads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from roles.app.environment import quoted
from roles.core.concealed import PROGRAM, Digests, difference, parse, salt
from roles.core.entries import File

SALT = salt()


def told(path: Path) -> tuple[str, Digests]:
    """What the host prints, and what is understood of it."""
    command = [sys.executable, "-c", PROGRAM, SALT, str(path), "/nowhere"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return said, parse(said.splitlines())


def env(**values: str) -> str:
    return "# It's the environment.\n" + "".join(f"{n}={quoted(v)}\n" for n, v in values.items())


def test_REL_07_a_diff_names_the_variables_and_shows_no_value(tmp_path: Path) -> None:
    path = tmp_path / "env"
    key = "-----BEGIN-----\nQUJD='geheim\nTOKEN=geheim-1\n-----END-----"
    path.write_text(env(SAME="1", KEY=key, GONE="geheim-2", TOKEN="geheim-3", QUOTE="it's $geheim"))
    said, marks = told(path)
    wanted = env(SAME="1", KEY=key, TOKEN="geheim-4", QUOTE="it's $geheim", NEW="geheim-5")
    lines = difference(File(str(path), wanted, mode=0o600, secret=True), marks[str(path)], SALT)
    assert [line.split(" ")[0] for line in lines[1:]] == ["+NEW", "-GONE", "~TOKEN"]
    assert "geheim" not in "".join([said, *lines])
    assert "QUJD" not in said


def test_REL_07_a_closed_file_without_secrets_shows_what_comes(tmp_path: Path) -> None:
    path = tmp_path / "unit"
    path.write_text("[Service]\nUser=a\nMemoryMax=1M\nSlice=b\n")
    said, marks = told(path)
    wanted = File(str(path), "[Service]\nUser=a\nMemoryMax=2M\nSlice=b\nNice=1\n", mode=0o600)
    assert difference(wanted, marks[str(path)], SALT) == [
        str(path),
        "-(1 lines that only root reads)",
        "+MemoryMax=2M",
        "+Nice=1",
    ]
    assert "MemoryMax" not in said
