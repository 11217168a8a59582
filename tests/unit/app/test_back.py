"""Several hosts go back together, or none of them does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from roles.app import back
from roles.core.errors import OperatorError

from .conftest import settings


@dataclass
class Host:
    """As much of pyinfra's host as is asked here."""

    name: str
    plan: dict[str, Any]
    said: list[str] = field(default_factory=list)

    def get_fact(self, fact: type, app: str, tag: str) -> dict[str, Any]:
        assert (fact, app) == (back.TargetFact, "app")
        return self.plan

    def log(self, line: str) -> None:
        self.said.append(line)


def plan(tag: str, built: bool = True) -> dict[str, Any]:
    return {"tag": tag, "commit": f"{tag}-0123456789abcdef", "built": built, "live": "v3"}


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> list[Host]:
    """The hosts of the inventory; the run is on the first one."""
    found: list[Host] = [Host("one", plan("v2")), Host("two", plan("v2", built=False))]

    class Inventory:
        get_active_hosts = staticmethod(lambda: found)

    monkeypatch.setattr(back, "host", found[0])
    monkeypatch.setattr(back, "inventory", Inventory)
    return found


def test_REL_02_each_host_says_for_itself_whether_it_has_to_build(
    hosts: list[Host], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert back.earlier(settings(), None) == back.Earlier("v2", True, "v3")
    assert hosts[0].said == ["  v3 is live, v2 was before"]
    monkeypatch.setattr(back, "host", hosts[1])
    assert back.earlier(settings(), None) == back.Earlier("v2", False, "v3")
    assert hosts[1].said == ["  v3 is live, v2 was before and was pruned: it is built again"]


def test_REL_02_hosts_that_were_on_different_releases_are_refused(hosts: list[Host]) -> None:
    hosts[1].plan = plan("v1")
    with pytest.raises(OperatorError, match=r"one: v2 \(.*\), two: v1 \(.*\)\); name one"):
        back.earlier(settings(), None)


def test_REL_02_one_host_that_refuses_stops_all(hosts: list[Host]) -> None:
    hosts[1].plan = {"refusal": "there is nothing to go back to"}
    with pytest.raises(OperatorError, match=r"^\[two\] there is nothing to go back to$"):
        back.earlier(settings(), None)
