"""What several hosts want alike is looked up for all of them at once."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import gevent
import pytest

from roles import wanted

HOSTS = 8


def test_hosts_that_prepare_side_by_side_ask_the_repository_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_up: list[str] = []

    @lru_cache
    def release(name: str) -> str:
        looked_up.append(name)
        gevent.sleep(0.01)  # git is asked, and the other hosts' turn comes
        return f"v1 of {name}"

    monkeypatch.setattr(wanted, "app", SimpleNamespace(release=lambda app: release(app.name)))
    view = SimpleNamespace(app=SimpleNamespace(name="shop"))
    settings: Any = SimpleNamespace(applications=(view,), apps={})
    hosts = [gevent.spawn(wanted.releases, settings) for _ in range(HOSTS)]
    gevent.joinall(hosts, timeout=30)
    assert [host.value for host in hosts] == [{"shop": "v1 of shop"}] * HOSTS
    assert looked_up == ["shop"]
