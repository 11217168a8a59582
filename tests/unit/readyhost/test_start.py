"""What `pyinfra` is in this checkout: pyinfra's own program, sooner."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from readyhost import start

ROOT = Path(__file__).parents[3]
AFTER = """
import sys
from readyhost import start
sys.argv = ["pyinfra", "--version"]
try:
    start.begin()
except SystemExit as end:
    assert not end.code, end.code
"""


def _after(*lines: str) -> str:
    """What a Python prints in which pyinfra was started, with `lines` after that."""
    text = "\n".join([AFTER, *lines])
    command = [sys.executable, "-c", text]
    return subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    ).stdout


def test_pyinfra_is_started_as_it_is_installed() -> None:
    (script,) = metadata.entry_points(group="console_scripts", name="pyinfra").select(
        value="readyhost.start:main"
    )
    assert script.load() is start.main
    ours = ROOT / ".venv" / "bin" / "pyinfra"
    if ours.exists():  # another venv has made its own choice
        assert "readyhost.start" in ours.read_text()
    assert metadata.version("pyinfra") in _after()


def test_nothing_is_read_that_no_run_needs() -> None:
    read = _after(
        "print([name for name in ('invoke.tasks', 'unittest', 'asyncio') if name in sys.modules])"
    ).splitlines()
    assert read[-1] == "[]"


def test_what_is_left_out_comes_when_it_is_wanted() -> None:
    said = _after(
        "from paramiko import config",
        "print(config.invoke.run.__module__)",  # for `Match exec` in ~/.ssh/config
        "import invoke",
        "print(invoke.run.__module__)",
        "print('invoke.tasks' in sys.modules)",
        "from unittest import mock",
        "with mock.patch('sys.platform', 'another'): print(sys.platform)",
        "print(mock.MagicMock().any.thing() is None)",
    ).splitlines()
    parent = "pyinfra.connectors.sshuserclient.config"
    assert said[-5:] == [parent, "invoke", "True", "another", "False"]


def test_plugins_are_found_as_ever_once_it_has_started() -> None:
    said = _after(
        "from importlib import metadata",
        "print(metadata.entry_points.__module__)",
        "print(sorted(e.name for e in metadata.entry_points(group='pyinfra.connectors'))[:1])",
    ).splitlines()
    assert said[-2:] == ["importlib.metadata", "['chroot']"]


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [("None", 0, ""), ("0", 0, ""), ("3", 3, ""), ("True", 1, ""), ("'why not'", 1, "why not\n")],
)
def test_it_ends_as_python_does(code: str, status: int, said: str) -> None:
    script = (
        "import atexit, sys; from readyhost import start\n"
        f"start.begin = lambda: sys.exit({code})\n"
        "atexit.register(print, 'the last word')\n"
        "sys.stdout.write('not yet written, '); start.main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (status, said)
    assert ended.stdout == "not yet written, the last word\n"


def test_nobody_who_reads_is_no_traceback() -> None:
    script = "import sys; from readyhost import start\nprint('x' * 100); start.leave(2)"
    line = f"{sys.executable} -c {shlex.quote(script)} | exec true; echo ${{PIPESTATUS[0]}}"
    written = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    ended = subprocess.run(
        ["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False, env=written
    )
    assert (ended.stdout, ended.stderr) == ("2\n", "")
