"""What a hostile host, build or repository says reaches the operator's terminal as plain text."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from pyinfra import logger
from pyinfra.api import output
from pyinfra.connectors import ssh
from pyinfra.connectors.util import CommandOutput, OutputLine, read_output_buffers

from roles.core import terminal
from roles.core.errors import OperatorError

SAID = "\x1b]52;c;cm0=\x07\x1b[2J\rforged\u202e"
SHOWN = "\\x1b]52;c;cm0=\\x07\\x1b[2J\\rforged\\u202e"
QUESTION = "sudo: a password is required"


@pytest.fixture(autouse=True)
def protected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_echo", None)
    monkeypatch.setattr(logger, "filters", [])
    monkeypatch.setattr(ssh, "execute_command_with_sudo_retry", None)
    terminal.protect()


def test_SEC_08_output_of_a_host(capsys: pytest.CaptureFixture[str]) -> None:
    read = read_output_buffers([SAID], [], None, True, "\x1b[1m[web]\x1b[0m ")
    assert read.output_lines == [SAID]  # answers stay what they are
    # Colours are not for a file.
    assert capsys.readouterr().err == f"[web] {SHOWN}\n"


def test_SEC_08_what_a_run_says_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[logging.LogRecord] = []
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", told.append)
    monkeypatch.setattr(logger, "handlers", [handler])
    logger.warning("[web] %s", SAID)
    logger.error(f"\x1b[31m{SAID}\x1b[0m 100 %")
    assert [record.getMessage() for record in told] == [
        f"[web] {SHOWN}",
        f"\x1b[31m{SHOWN}\x1b[0m 100 %",
    ]


def test_SEC_08_an_error_that_names_what_a_repository_has() -> None:
    assert str(OperatorError(f"a folder {SAID}\nand more")) == f"a folder {SHOWN}\nand more"


def test_SEC_08_nobody_is_asked_for_a_password_that_a_build_wants_to_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times = []

    def execute() -> tuple[int, CommandOutput]:
        times.append(1)
        return 1, CommandOutput([OutputLine("stdout", QUESTION)])

    asked: Any = vars(ssh)["execute_command_with_sudo_retry"]
    assert asked(None, {}, execute)[0] == 1
    assert times == [1]
