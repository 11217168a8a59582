"""Lines of a Procfile with conditions, groups and alternatives, as a real sh runs them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from roles.app import commands
from roles.app.process_layout import lay_out
from roles.core.errors import OperatorError

from .conftest import settings
from .test_commands import MACHINE, release

# What a server is to have seen: where it is, its arguments, a variable.
SERVE = """#!/bin/sh
trap 'echo ended >>"$SEEN"; exit 0' TERM
printf '%s\\n' "$$" "${PWD##*/}" "$MODE" "$@" ready >"$SEEN"
while :; do sleep 0.01; done
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A release with a server, `serve`, in its PATH."""
    for name, text in (("serve", SERVE), (".env", "MODE=file\nexport MODE\n")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    (tmp_path / "src").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("[ -f .env ] && . ./.env; serve one", ["file", "one"]),
        ("[ -f none ] && . ./none; serve one", ["given", "one"]),
        ("test -n \"$NONE\" && serve one || serve 'two words'", ["given", "two words"]),
        ('if [ -n "$MODE" ]; then exec serve "a $MODE"; else serve b; fi', ["given", "a given"]),
        ("if [ -z \"$MODE\" ]; then serve a; elif test -d src; then serve 'b;c'; fi",
         ["given", "b;c"]),
        ("(cd src && MODE='x && y' exec serve one)", ["x && y", "one"]),
        ("MODE=\"a || b\" exec serve '(c)'", ["a || b", "(c)"]),
        ("{ cd src; MODE=z serve one; }", ["z", "one"]),
        ("case $MODE in given) serve one;; *) serve two;; esac", ["given", "one"]),
        ("until test -f .env; do sleep 1; done; serve one 2>&1", ["given", "one"]),
        ("echo $((1 + 2)) >/dev/null; (serve one)", ["given", "one"]),
        ("[ -d src ] || exit 3; export MODE=${NONE:-other}; exec serve one", ["other", "one"]),
    ],
)  # fmt: skip
def test_APP_11_sh_runs_a_line_with_conditions_as_it_is(
    place: Path, line: str, seen: list[str]
) -> None:
    assert lay_out(settings(), MACHINE, release(f"web: {line}\n")).web.command == line
    said = place / "seen"
    environment = {"PATH": f"{place}:/usr/bin:/bin", "MODE": "given", "SEEN": str(said)}
    shell = subprocess.Popen(
        ["sh", "-ec", commands.shell(line)], cwd=place, env=environment, start_new_session=True
    )
    try:
        end = time.monotonic() + 10
        while not (said.exists() and said.read_text().endswith("\nready\n")):
            assert time.monotonic() < end and shell.poll() is None, "no server"
            time.sleep(0.01)
        pid, folder, *rest = said.read_text().removesuffix("\nready\n").split("\n")
        assert rest == seen
        assert folder == ("src" if "cd src" in line else place.name)
        # systemd asks the main process to end, where it is the only one, and otherwise all.
        if commands.alone(line):
            assert int(pid) == shell.pid
            shell.terminate()
        else:
            os.killpg(shell.pid, signal.SIGTERM)
        while not said.read_text().endswith("ended\n"):
            assert time.monotonic() < end, "it was not asked to end"
            time.sleep(0.01)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()


@pytest.mark.parametrize(
    "line",
    [
        "{} || true; serve",
        "({}) && serve",
        "{{ {}; }} && serve",
        'if [ -n "$MIGRATE" ]; then {}; fi; serve',
        "if {}; then serve; fi",
        "if [ -f x ]; then serve; else {}; serve; fi",
        "(cd src; {}; serve)",
        "[ -f x ] && {} || echo none; serve | tee log",
        "for each in a b; do {}; done; exec serve",
        "{} | tee log; serve",
    ],
)
def test_APP_11_a_job_inside_of_a_condition_is_refused_in_words(line: str) -> None:
    procfile = f"web: {line.format('python migrate.py')}\n"
    with pytest.raises(OperatorError) as refused:
        lay_out(settings(), MACHINE, release(procfile))
    assert "'python migrate.py' would run with each of the 5 processes" in str(refused.value)
    assert "Write `release: python migrate.py`, and take it out of this line" in str(refused.value)
    assert lay_out(settings(web={"instances": 1}), MACHINE, release(procfile))


@pytest.mark.parametrize(
    "line", ["if true; then serve", "(serve", "serve; fi", "{ serve", "serve )"]
)
def test_APP_11_a_condition_that_does_not_end_is_refused(line: str) -> None:
    with pytest.raises(OperatorError, match=r"^Procfile, web: .*"):
        lay_out(settings(), MACHINE, release(f"web: {line}\n"))
