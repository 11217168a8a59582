"""Commands in the application's place at a terminal: what they ask, press and print there."""

from __future__ import annotations

import os
import shlex
import time

import pytest

from tests.host.application import NAME
from tests.host.conftest import Host
from tests.host.stages import once_at_all
from tests.support.readyhost import Terminal, at_terminal

from .test_commands import WORD, recorded, run, running

pytestmark = [once_at_all, pytest.mark.timeout(600)]

ASKS = """
import getpass, os, sys
print("size", *os.get_terminal_size(), flush=True)
name = input("name: ")
word = getpass.getpass("word: ")
print("size", *os.get_terminal_size(), flush=True)
print(f"made {name} of {len(word)}", os.getcwd(), flush=True)
sys.exit(5)
"""
# To whom does the terminal's next reader listen: a root shell would run the line.
PRESSES = """
import fcntl, termios
for key in "touch /planted\\n":
    fcntl.ioctl(0, termios.TIOCSTI, key.encode())
print("pressed", flush=True)
"""


def test_REL_08_a_command_at_a_terminal_asks_and_ends_honestly(box: Host) -> None:
    with at_terminal(box, "run", "--", "python3", "-c", ASKS) as terminal:
        terminal.wait_for("size 77 33")
        terminal.wait_for("name: ")
        terminal.write("admin\n")
        terminal.wait_for("word: ")
        terminal.resize(20, 50)
        time.sleep(1)  # the new size goes over two connections
        terminal.write(f"{WORD}\n")
        terminal.wait_for("size 50 20")
        terminal.wait_for(f"made admin of {len(WORD)} /srv/{NAME}/releases/v1.0.0")
        assert terminal.ended() == 5
        assert WORD not in terminal.seen  # nothing echoed it


def test_REL_08_a_command_presses_no_key_at_its_operators_terminal(box: Host) -> None:
    program = f"{NAME}-command run -- python3 -c {shlex.quote(PRESSES)}"
    # A shell of root's, as somebody has it who works on the host. bash for -t.
    shell = f"{program}; read -r -t 2 line; echo read=$line"
    command = f"sudo -n bash -c {shlex.quote(shell)}"
    with Terminal([*box._ssh(), "-tt", command], dict(os.environ)) as terminal:
        terminal.wait_for("pressed")
        terminal.wait_for("read=")
        assert terminal.ended() == 0
    assert "read=\r\n" in terminal.seen, terminal.seen


def test_SEC_08_what_a_command_prints_gives_the_terminal_no_order(box: Host) -> None:
    orders = "\\033]0;title\\007\\033]52;c;cm0gLXJm\\007\\033[31mred\\033[0m"
    with at_terminal(box, "run", "--", "printf", orders) as terminal:
        assert terminal.ended() == 0
    assert "\x1b[31mred\x1b[0m" in terminal.seen
    assert "\x1b]" not in terminal.seen
    as_they_are = run(box, "printf", orders).stdout
    assert as_they_are.startswith("\x1b]0;title\x07"), "a pipe has every byte"


def test_REL_08_a_shell_at_a_terminal_is_in_the_release(box: Host) -> None:
    with at_terminal(box, "shell") as terminal:
        terminal.write("echo at=$PWD as=$(id -un) has=${SECRET_KEY:+it}; stty size; exit 3\n")
        terminal.wait_for(f"at=/srv/{NAME}/releases/v1.0.0 as={NAME} has=it")
        terminal.wait_for("33 77")
        assert terminal.ended() == 3
    assert recorded(box)[-1]["outcome"] == "exit status 3"


def test_REL_08_ctrl_c_ends_what_runs_at_once(box: Host) -> None:
    with at_terminal(box, "run", "--", "sh", "-c", "echo begun; sleep 1000") as terminal:
        terminal.wait_for("begun")
        terminal.write("\x03")
        assert terminal.ended(seconds=20) == 130
    assert running(box) == []
    assert recorded(box)[-1]["outcome"] == "exit status 130"
