"""What the programs on a host show at a terminal there."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from vagrant.driver import ROOT

ORDER = "\x1b]52;c;cm0gLXJm\x07 of a visitor\x9b\r\u202e"  # what is pasted next
SAYS = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from roles.core.host.shown import plain_terminals
plain_terminals()
print({ORDER!r}, flush=True)
print({ORDER!r}, file=sys.stderr)
sys.exit({ORDER!r})
"""


def test_SEC_08_a_program_gives_the_terminal_no_order() -> None:
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", SAYS], stdout=follower, stderr=follower, env={"LANG": "C.UTF-8"}
    ):
        os.close(follower)
        said = b""
        with pytest.raises(OSError, match=r"."):  # where it ends
            while True:
                said += os.read(leader, 4096)
    os.close(leader)
    text = said.decode().replace("\r\n", "\n")
    assert text.count("of a visitor") == 3
    assert all(c.isprintable() or c == "\n" for c in text), text


def test_a_pipe_gets_what_was_said() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SAYS], capture_output=True, check=False, env={"LANG": "C.UTF-8"}
    )
    assert done.stdout.decode() == f"{ORDER}\n"
