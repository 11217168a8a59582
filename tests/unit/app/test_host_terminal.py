"""A command's own terminal, on real ones: all that is typed and printed goes over."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.support.readyhost import Terminal

ROOT = Path(__file__).parents[3]
# In place of systemd-run one that takes the terminal as systemd would.
PROGRAM = """
import os, signal, subprocess, sys
from roles.app.host.operate.terminal import Left, Terminal
signal.signal(signal.SIGHUP, signal.SIG_IGN)  # of a terminal that is gone its reader is told too
with Terminal() as terminal:
    file = os.open(dict(terminal.properties())["TTYPath"], os.O_RDWR | os.O_NOCTTY)
    own = "import os, signal, sys; os.close(os.open(os.ttyname(0), os.O_RDWR));"
    own += "signal.signal(signal.SIGINT, signal.SIG_DFL)"  # tests in the background ignore it
    words = [sys.executable, "-c", own + "; os.execvp('sh', sys.argv[1:])", "sh", "-c", sys.argv[1]]
    process = subprocess.Popen(words, stdin=file, stdout=file, stderr=file, start_new_session=True)
    os.close(file)
    try:
        status = terminal.carry(process)
    except Left:
        process.kill()
        open(sys.argv[2], "w").write("left")
        raise
print("echoes again" if __import__("termios").tcgetattr(0)[3] & 8 else "stays raw", flush=True)
sys.exit(status)
"""


def at(command: str, place: Path) -> Terminal:
    words = [sys.executable, "-c", PROGRAM, command, str(place / "left")]
    return Terminal(words, {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "TERM": "xterm"})


def test_REL_08_the_last_words_of_a_short_command_arrive(tmp_path: Path) -> None:
    for size in (10, 3_000, 200_000):
        with at(f"head -c {size} /dev/zero | tr '\\0' x; echo; echo last; exit 7", tmp_path) as one:
            assert one.ended() == 7
        assert "x" * size + "\r\nlast\r\necho" in one.seen


def test_REL_08_keys_the_size_and_ctrl_c_reach_the_command(tmp_path: Path) -> None:
    asks = "trap 'exit 9' INT; stty size; read -r word; echo got=$word; stty size; sleep 30 & wait"
    with at(asks, tmp_path) as one:
        one.wait_for("33 77")
        one.resize(20, 50)
        one.write("typed\n")
        one.wait_for("got=typed")
        one.wait_for("20 50")
        one.write("\x03")
        assert one.ended() == 9
    assert "echoes again" in one.seen


def test_REL_08_what_is_typed_before_a_command_starts_is_read_by_it(tmp_path: Path) -> None:
    with at("read -r word; echo got=$word", tmp_path) as one:
        one.write("early\n")
        one.wait_for("got=early")


def test_REL_08_a_command_that_reads_nothing_is_shown_nonetheless(tmp_path: Path) -> None:
    with at("stty -icanon; echo begun; sleep 1; seq 1 3000; echo last", tmp_path) as one:
        one.wait_for("begun")
        one.write("x" * 3_000)  # what the operator's terminal keeps
        time.sleep(0.3)
        one.write("x" * 3_000)
        one.wait_for("last")


def test_REL_08_a_terminal_that_is_gone_ends_the_command(tmp_path: Path) -> None:
    with at("trap '' HUP; echo begun; sleep 30", tmp_path) as one:
        one.wait_for("begun")
    end = time.monotonic() + 10
    while not (tmp_path / "left").exists():
        assert time.monotonic() < end, "it goes on"
        time.sleep(0.05)
