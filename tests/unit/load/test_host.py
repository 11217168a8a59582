"""What runs on a host: each part on files as the kernel and Nginx have them."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from sys import stdlib_module_names

import pytest

from load import remote
from load.host import exemption, machine, single
from load.host.access_log import AccessLog
from load.host.units import measured, plain
from roles.core.known import LIFTED

HOST = sorted((Path(remote.__file__).parent / "host").glob("*.py"))


@pytest.mark.parametrize("path", [*HOST, Path(remote.__file__).with_name("histogram.py")],
                         ids=lambda path: path.name)  # fmt: skip
def test_it_runs_on_python_3_10_alone(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 10))
    named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    named |= {each.name for node in ast.walk(tree) if isinstance(node, ast.Import)
              for each in node.names}  # fmt: skip
    others = {name for name in named if name not in remote.MODULES and name != "load.host"}
    assert {name.split(".")[0] for name in others} <= set(stdlib_module_names)


def test_all_of_it_is_sent() -> None:
    assert {f"load.host.{path.stem}" for path in HOST if path.stem != "__init__"} <= set(
        remote.MODULES
    )


def test_what_is_sent_can_be_begun_there() -> None:
    """By Python alone, without this folder: it gets as far as the host's own Nginx."""
    wish = {"app": "x"}
    done = subprocess.run(
        [sys.executable, "-I", "-c", remote.BOOT, "203.0.113.1"], input=remote.first_line(wish),
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip
    assert "cannot lift limits" in json.loads(done.stdout)["refused"], done.stderr


def test_the_host_looks_where_nginx_does() -> None:
    assert str(exemption.FOLDER) == LIFTED == remote.FOLDER


def test_undo_takes_back_all_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "load"
    folder.mkdir()
    for name in ("203.0.113.1", ".bans-203.0.113.1", ".undo"):
        (folder / name).touch()
    (folder / ".stopped").write_text("a-web-blue@2.service\n")
    for name in ("fail2ban-client", "systemctl"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho {name} "$@" >>{tmp_path}/done\n')
        program.chmod(0o755)
    text = exemption.UNDO.replace(str(exemption.FOLDER), str(folder))
    subprocess.run(["sh", "-c", text], check=True,
                   env={"PATH": f"{tmp_path}:{os.environ['PATH']}"})  # fmt: skip
    assert not folder.exists()
    assert (tmp_path / "done").read_text().splitlines() == [
        "fail2ban-client set nginx-hostile delignoreip 203.0.113.1",
        "systemctl start --no-block a-web-blue@2.service",
    ]


def entry(second: int, time: str, agent: str = "me/1", status: int = 200) -> str:
    return (f'{{"time":"2026-11-29T10:00:{second:02}+00:00","path":"/","status":{status},'
            f'"bytes":1,"request_time":{time},"upstream":"","agent":"{agent}"}}\n')  # fmt: skip


def test_the_log_is_followed_over_its_rotation(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_text(entry(1, "9.000"))
    log = AccessLog(str(path), "me/1")
    with path.open("a") as file:
        file.write(entry(2, "0.012") + entry(2, "0.5", "other") + entry(2, "0.030", status=500))
        file.write(entry(3, "0.100")[:40])
    (second,) = log.read().values()
    assert second == {"times": {12: 1, 30: 1}, "errors": 1, "moved": {}}
    with path.open("a") as file:
        file.write(entry(3, "0.100")[40:])
    path.rename(tmp_path / "access.log.1")
    path.write_text(entry(4, "0.200"))
    assert [each["times"] for each in log.read().values()] == [{100: 1}, {200: 1}]


def test_LOAD_02_answers_that_lead_elsewhere_are_counted_by_path(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.touch()
    log = AccessLog(str(path), "me/1")
    paths = ["/children/1/", "/children/22/", *(f"/{letter}" for letter in "abcdefghijklmno")]
    with path.open("a") as file:
        for each in paths:
            file.write(entry(2, "0.1", status=302).replace('"path":"/"', f'"path":"{each}"'))
        file.write(entry(2, "0.1", status=304) + entry(2, "0.1"))
    (second,) = log.read().values()
    moved = second["moved"]
    assert isinstance(moved, dict)
    assert moved["/children/N/"] == 2
    assert sum(moved.values()) == len(paths) and len(moved) == 13  # what is no more told apart


def test_a_unit_is_measured_by_its_cgroup(tmp_path: Path) -> None:
    (tmp_path / "cgroup.procs").write_text(f"{os.getpid()}\n")
    (tmp_path / "cpu.stat").write_text("usage_usec 2500000\nuser_usec 1\n")
    (tmp_path / "memory.stat").write_text("anon 4096\nfile 9\n")
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "pids.current").write_text("7\n")
    found = measured(tmp_path)
    assert (found["cpu"], found["memory"], found["ceiling"], found["tasks"]) == (2.5, 4096, None, 7)
    assert found["descriptors"] > 2


def test_a_process_keeps_its_name_over_releases() -> None:
    assert {plain(f"shop-web-{slot}@1.service") for slot in ("blue", "green")} == {"shop-web@1"}
    assert plain("nginx.service") == "nginx"


def test_the_release_before_is_not_taken_for_the_live_one() -> None:
    assert plain("shop-web-blue@1.service", "blue") == "shop-web@1"
    assert plain("shop-web-green@1.service", "blue") == "shop-web@1, other release"
    frozen = [f"a-web-green@{n}.service" for n in (1, 2)]
    live = [f"a-web-blue@{n}.service" for n in (1, 2)]
    assert single.further([*frozen, *live], "blue") == ["a-web-blue@2.service"]


def test_LOAD_04_all_but_one_web_process_and_its_proxy_are_stopped() -> None:
    units = [f"a-web-blue@{n}.service" for n in (1, 2, 3)]
    units += [f"a-web-blue-proxy@{n}.{kind}" for n in (1, 2) for kind in ("service", "socket")]
    assert single.further(units) == [
        "a-web-blue-proxy@2.service", "a-web-blue-proxy@2.socket",
        "a-web-blue@2.service", "a-web-blue@3.service",
    ]  # fmt: skip


def test_the_machine_is_read() -> None:
    assert 0 <= machine.memory() <= 100 and 0 < machine.disk() <= 100
    assert set(machine.Cpu().read()) == {"cpu", "steal"}
    line = b" 1: 0100007F:01BB 0200007F:C350 01 00\n 2: 0100007F:01BB 0200007F:C351 06 00\n"
    assert len(machine.WEB.findall(line)) == 1
