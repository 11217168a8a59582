"""What a run finds wrong with processes that are live."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from roles.app.host import health, state, systemd
from roles.app.host.definition import Definition
from roles.app.host.layout import Layout

HEALTH = {"path": "/health", "status": 200, "successes": 2, "deadline": 1}


def test_each_kind_of_process_is_asked_at_its_own_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: dict[str, str] = {}

    def ask(path: Path, health: Mapping[str, Any]) -> str:
        asked[path.stem] = health["path"]
        return "" if path.stem != "front-2" else "/about answered 500"

    monkeypatch.setattr(health, "ask", ask)
    monkeypatch.setattr(state, "PATIENCE", 0)
    monkeypatch.setattr(systemd, "inactive", lambda units: [])
    http = {"front": {"health": {**HEALTH, "path": "/about"}, "listen": "port", "root": True}}
    processes = {"web": 1, "front": 2}
    definition = Definition(tmp_path, "v1", "c", "i", processes, HEALTH, http=http)
    found = state._unhealthy(Layout("shop", str(tmp_path)), definition, "blue")
    assert asked == {"web-1": "/health", "front-1": "/about", "front-2": "/about"}
    assert found == ["front-2: /about answered 500"]
