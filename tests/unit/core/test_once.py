"""What is done once for all hosts, at the end of a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roles.app.purge import purged
from roles.core.once import due, run
from roles.core.once_for_all import Once
from tests.unit.environments.model import settings


@dataclass
class Made:
    """A step of a run on one host."""

    good: bool

    def did_succeed(self, _raise: bool) -> bool:
        return self.good


def test_it_is_done_where_any_host_was_changed_and_once() -> None:
    one, other = Once("a", ("true",)), Once("b", ("true",))
    steps: Any = {one: [Made(True), Made(False), Made(True)], other: [Made(False)]}
    assert due(steps) == [one]


def test_WEB_15_a_purge_gets_the_domain_and_the_tag(tmp_path: Path) -> None:
    wish = settings(app={"purge": [f'echo "$DOMAIN $TAG" >>{tmp_path}/said']})
    once = purged(wish.app, "v1.2.0", wish.domain)
    assert once
    assert run(once) == []
    assert (tmp_path / "said").read_text() == "shop.example v1.2.0\n"
    assert purged(settings().app, "v1.2.0", "shop.example") is None


def test_WEB_15_a_purge_that_fails_is_said_without_its_words() -> None:
    said = run(Once("app.purge", ("echo token-1234 >&2; exit 3", "touch /nowhere/x")))
    assert said == ["app.purge: echo token-1234 >&2; exit 3: exit status 3"]
