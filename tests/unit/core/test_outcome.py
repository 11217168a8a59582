"""What is said of a run that stopped half-way, and of a lost connection."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from roles.app.deploy import Live
from roles.app.host import result
from roles.app.rollback import Activate
from roles.core.lost import sentence
from roles.core.outcome import halfway, reason
from roles.core.told import MARK, results

ROOT = Path(__file__).parents[3]
FAILS = """
from pyinfra import host
from pyinfra.operations import server
from roles.core.outcome import report
from roles.core.last_words import repeat
report(host.state, host.state.inventory.get_host(host.name))
repeat(host, ["no backup is away"])
server.shell(name="Redis | up", commands=["echo the reason >&2; exit 1"])
"""


def test_the_last_that_is_seen_is_how_far_it_came_and_why(tmp_path: Path) -> None:
    (tmp_path / "fails.py").write_text(FAILS)
    pyinfra = Path(sys.executable).with_name("pyinfra")
    done = subprocess.run(
        [str(pyinfra), "-y", "@local", str(tmp_path / "fails.py")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    words = ("the reason", "No hosts remaining", "no backup is away", "stopped in")
    order = [said.index(word) for word in words]
    assert order == sorted(order), said
    assert said.rstrip().endswith("[@local]   the reason"), said


def test_a_reason_is_what_stands_before_the_lines_of_a_log() -> None:
    stderr = ["the release steps failed", "set this", "last lines of x.service:", "a trace", "b"]
    assert reason(stderr) == ["the release steps failed", "set this"]
    assert reason([], ["one", "two", "three", "four"]) == ["two", "three", "four"]
    assert reason(["nginx refuses:", "", "line 3"]) == ["nginx refuses:", "line 3"]


def test_it_says_what_has_been_changed_and_what_not() -> None:
    said = halfway("web1", ["Base | packages", "Nginx | site"], "Redis | up", 7, whole=False)
    assert said.startswith("[web1] stopped in “Redis | up”, which may be half done;")
    assert "changed so far: Base | packages, Nginx | site; 7 more steps were not begun" in said


def test_a_release_is_live_as_a_whole_or_not_at_all() -> None:
    assert Live.is_whole
    assert Activate.is_whole
    said = halfway("web1", [], "App | v1.0.0 is live", 3, whole=True)
    assert said.startswith("[web1] stopped in “App | v1.0.0 is live”; nothing has been changed")


def test_it_says_that_nothing_has_been_changed() -> None:
    assert "nothing has been changed so far; 0 more" in halfway(
        "web1", [], "Redis | up", 0, whole=False
    )


def test_a_lost_connection_names_the_ban_only_where_there_may_be_one() -> None:
    said = sentence("web1", "deploy", "in “Redis | up”", shut_out=False)
    assert said == "[web1] the connection as deploy was lost in “Redis | up”. Run it again"
    assert "fail2ban-client unban" in sentence("web1", "deploy", "in “x”", shut_out=True)


def test_what_a_program_says_of_its_end_is_told_from_what_it_says_on_its_way() -> None:
    said = ["building v2", "build step: echo => done", "=> v2 is live", "=> removed v0"]
    assert results(said) == ["v2 is live", "removed v0"]
    assert MARK == result.MARK
    assert result.result("v2 is live\n=> and more") == "=> v2 is live => and more"
