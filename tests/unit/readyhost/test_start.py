"""What `pyinfra` is in this checkout: pyinfra's own program, sooner."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

from readyhost import start

ROOT = Path(__file__).parents[3]
AFTER = """
import sys
from readyhost import start
sys.argv = ["pyinfra", "--version"]
try:
    start.main()
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
    read = _after("print('invoke.tasks' in sys.modules)").splitlines()
    assert read[-1] == "False"


def test_what_is_left_out_comes_when_it_is_wanted() -> None:
    said = _after(
        "from paramiko import config",
        "print(config.invoke.run.__module__)",  # for `Match exec` in ~/.ssh/config
        "import invoke",
        "print(invoke.run.__module__)",
        "print('invoke.tasks' in sys.modules)",
    ).splitlines()
    assert said[-3:] == ["pyinfra.connectors.sshuserclient.config", "invoke", "True"]


def test_plugins_are_found_as_ever_once_it_has_started() -> None:
    said = _after(
        "from importlib import metadata",
        "print(metadata.entry_points.__module__)",
        "print(sorted(e.name for e in metadata.entry_points(group='pyinfra.connectors'))[:1])",
    ).splitlines()
    assert said[-2:] == ["importlib.metadata", "['chroot']"]
