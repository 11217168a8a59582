"""What is said of a run that stopped half-way, and of a lost connection."""

from __future__ import annotations

from roles.app.host import result
from roles.core.lost import sentence
from roles.core.outcome import halfway
from roles.core.told import MARK, results


def test_it_says_what_has_been_changed_and_what_not() -> None:
    said = halfway("web1", ["Base | packages", "Nginx | site"], "Redis | up", 7)
    assert said.startswith("[web1] stopped in “Redis | up”, which may be half done;")
    assert "changed so far: Base | packages, Nginx | site; 7 more steps were not begun" in said


def test_it_says_that_nothing_has_been_changed() -> None:
    assert "nothing has been changed so far; 0 more" in halfway("web1", [], "Redis | up", 0)


def test_a_lost_connection_names_the_ban_only_where_there_may_be_one() -> None:
    said = sentence("web1", "deploy", "in “Redis | up”", shut_out=False)
    assert said == "[web1] the connection as deploy was lost in “Redis | up”. Run it again"
    assert "fail2ban-client unban" in sentence("web1", "deploy", "in “x”", shut_out=True)


def test_what_a_program_says_of_its_end_is_told_from_what_it_says_on_its_way() -> None:
    said = ["building v2", "build step: echo => done", "=> v2 is live", "=> removed v0"]
    assert results(said) == ["v2 is live", "removed v0"]
    assert MARK == result.MARK
    assert result.result("v2 is live\n=> and more") == "=> v2 is live => and more"
