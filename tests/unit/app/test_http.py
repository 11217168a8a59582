"""Further kinds of processes that answer HTTP: what is refused, what a host is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from roles import app
from roles.app.host.definition import load
from roles.app.host.layout import Layout
from roles.app.process_layout import lay_out
from roles.app.releases import Release
from roles.app.units import units
from roles.core.entries import File
from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.rules.names import kinds_have_names
from tests.unit.environments import ROUTED, settings
from tests.unit.environments.entries import ROLES

MACHINE = Machine.example("noble", cores=4, memory_mb=8192)


def of(http: dict[str, Any], **more: Any) -> Any:
    return settings(app={"http": http, **more})


@pytest.mark.parametrize(
    ("http", "more", "said"),
    [
        ({"a": {}}, {}, "neither paths nor hosts"),
        ({"a": {"paths": ["/x"], "build": "none"}}, {}, "none of app.builds"),
        ({"a": {"paths": ["/x"]}, "b": {"paths": ["/x"]}}, {}, "/x is something else's too"),
        ({"a": {"paths": ["/api", "/"]}}, {}, "/api is something else's too"),
        ({"a": {"paths": ["/"]}}, {"mounts": [{"folder": "d"}]}, "/ is something else's too"),
        ({"web": {"paths": ["/x"]}}, {}, "used twice"),
        ({"a": {"paths": ["/x"]}}, {"kind": "static", "mounts": [{}]}, "runs nothing"),
        ({"a": {"paths": ["/x y"]}}, {}, "pattern"),
    ],
)
def test_APP_16_what_cannot_be_is_refused(
    http: dict[str, Any], more: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        of(http, **more)


def test_APP_16_a_host_name_is_one_of_the_aliases() -> None:
    wish = of({"a": {"hosts": ["admin.shop.example"]}})
    assert [each.keys[0] for each in kinds_have_names(wish)] == ["aliases"]
    named = settings(aliases=["admin.shop.example"], app={"http": wish.app.http})
    assert not list(kinds_have_names(named))


def test_APP_16_a_kind_without_a_command_is_named() -> None:
    with pytest.raises(OperatorError, match=r"app\.http\.ws\.command"):
        lay_out(of({"ws": {"paths": ["/ws"]}}).app, MACHINE, Release.example())


def test_APP_16_a_part_s_start_script_is_its_command() -> None:
    node = replace(Release.example("node"), package='{"scripts": {"start": "node s.js"}}')
    release = replace(Release.example(), parts={"front": node})
    http = {"front": {"paths": ["/"], "build": "front"}}
    found = lay_out(of(http, builds={"front": {"directory": "f"}}).app, MACHINE, release)
    (front,) = found.http
    assert (front.command, front.kind, front.place) == ("node s.js", "node", "f")
    assert (found.kind, found.web.command) == ("python", "uvicorn app:app --uds $SOCKET")


def test_APP_16_all_processes_share_connections_memory_and_ports() -> None:
    http = {"a": {"paths": ["/a"], "instances": 3, "command": "a", "listen": "port"}}
    more = {"web": {"listen": "port", "instances": 2}}
    wish = of({**http, "b": {**http["a"], "paths": ["/b"]}}, **more)
    found = lay_out(wish.app, MACHINE, Release.example())
    assert (found.processes, found.pool_size) == (8, 4)
    text = {file.path: file.data.decode() for file in units(wish.app, MACHINE, found)}
    blue = [t for path, t in text.items() if path.endswith("/blue/app-b-blue@.service")]
    assert "export PORT=$$((8005 + %i))" in blue[0]
    many = of(
        {"a": {**http["a"], "instances": 64, "paths": ["/a"]}},
        database_pool=50,
        memory_process_mb=16,
    )
    with pytest.raises(OperatorError, match="database_pool"):
        lay_out(many.app, MACHINE, Release.example())


def test_APP_16_a_host_knows_which_process_is_asked_how(tmp_path: Path) -> None:
    files = [entry for entry in ROLES["app"](ROUTED) if isinstance(entry, File)]
    made = next(json.loads(f.data) for f in files if f.path == "/etc/app/next/release.json")
    (tmp_path / "release.json").write_text(json.dumps(made))
    definition, layout = load(tmp_path), Layout("app")
    web, sockets = definition.web(layout, "blue"), definition.sockets(layout, "blue")
    assert len(web) == len(sockets) == sum(made["processes"].values())
    assert "app-ws-blue@1.service" in web
    assert definition.workers(layout, "blue") == []
    each = definition.each(layout, "blue", successes=1)
    assert each["app-ws-blue@1.service"]["path"] == "/up"
    assert each["app-ws-blue@1.service"]["setting"] == "app.http.ws.health"
    assert each["app-admin-blue@2.service"]["host"] == "admin.shop.example"
    assert {one["successes"] for one in each.values()} == {1}
    assert definition.listens(layout, "blue", "app-front-blue@1.service") == "port"
    assert definition.listens(layout, "blue", "app-web-blue@1.service") == "socket"
    assert definition.page(layout, "blue") == Path("/run/app/blue/front-1.sock")


def test_APP_16_without_any_nothing_is_said_of_them() -> None:
    wish = settings()
    assert app.Placed(wish.app, MACHINE, Release.example()).routes == ()
