"""What is built, starts and ends comes after what serves, until it gets too little."""

from __future__ import annotations

import os
import subprocess
import time
import tracemalloc
from pathlib import Path

import pytest

from roles.app.host import cpu_weight, systemd
from roles.app.host.layout import Layout
from roles.core.host import idle


@pytest.mark.parametrize(
    ("ran", "wants", "is_idle"),
    [
        pytest.param(0.0, True, "0", id="it waits for a core"),
        pytest.param(9.0, True, "1", id="it gets on"),
        pytest.param(0.0, False, "1", id="it sleeps, as while it is asked whether it is well"),
    ],
)
def test_what_starts_comes_last_until_it_gets_too_little(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ran: float, wants: bool, is_idle: str
) -> None:
    group = tmp_path / "cpu" / "shop.slice" / "shop-green.slice"
    group.mkdir(parents=True)
    (group / "cpu.idle").write_text("0")
    monkeypatch.setattr(cpu_weight, "_processes", lambda group: ["1"])
    monkeypatch.setattr(cpu_weight, "_ran", lambda process: ran * time.monotonic())
    monkeypatch.setattr(cpu_weight, "_wants", lambda process: wants)
    monkeypatch.setattr(idle, "GROUPS", tmp_path)
    monkeypatch.setattr(cpu_weight, "LOOK", 0.05)
    look = cpu_weight.behind(Layout("shop"), "green", patience=0.1)
    assert (group / "cpu.idle").read_text() == "1"
    end = time.monotonic() + (10 if is_idle == "0" else 0.5)
    while (group / "cpu.idle").read_text() != "0" and time.monotonic() < end:
        time.sleep(0.01)
    look.set()
    assert (group / "cpu.idle").read_text() == is_idle
    cpu_weight.equal(Layout("shop"), "green")
    assert (group / "cpu.idle").read_text() == "0"
    with cpu_weight.ending(Layout("shop"), "green"):
        assert (group / "cpu.idle").read_text() == "1"
    assert (group / "cpu.idle").read_text() == "0", "release steps, and what was live, come next"


def test_it_counts_what_processes_of_a_group_and_of_those_below_it_got(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    below = tmp_path / "shop.slice" / "web.service"
    below.mkdir(parents=True)
    (below / "cgroup.procs").write_text(f"{os.getpid()}\n")
    monkeypatch.setattr(cpu_weight, "GROUPS", tmp_path)
    (found,) = cpu_weight._processes("shop.slice")
    ran = cpu_weight._ran(found)
    assert abs(ran - sum(os.times()[:2])) < 0.1
    assert ran > 0
    assert not cpu_weight._wants(found), "it only looks"
    assert not cpu_weight._processes("none.slice")
    assert cpu_weight._ran("none") == 0
    assert not cpu_weight._wants("none")
    odd = "printf '\\377) R 1' >/proc/self/comm; while :; do :; done"
    with subprocess.Popen(["bash", "-c", odd.replace("self", "$$")]) as process:
        try:
            name = Path(f"/proc/{process.pid}/comm")
            end = time.monotonic() + 30
            while b"\xff" not in name.read_bytes() or not cpu_weight._ran(str(process.pid)):
                assert time.monotonic() < end, "whatever it calls itself"
                time.sleep(0.05)
            assert cpu_weight._wants(str(process.pid))
        finally:
            process.kill()
    for command, wants in ({"sleep 9": False, "while :; do :; done": True}).items():
        with subprocess.Popen(["sh", "-c", command]) as process:
            time.sleep(0.2)
            assert cpu_weight._wants(str(process.pid)) is wants
            process.kill()


def test_a_switch_is_made_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "cpu" / cpu_weight.RELEASES / "cpu.idle"
    file.parent.mkdir(parents=True)
    monkeypatch.setattr(idle, "GROUPS", tmp_path)
    for before in ("1", "0"):
        file.write_text(before)
        with cpu_weight.at_once():
            assert file.read_text() == "0"
        assert file.read_text() == before


def test_what_is_built_comes_last_and_keeps_its_share(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    group = tmp_path / "readyhost_build.slice"
    group.mkdir()
    (group / "cpu.idle").write_text("0")
    monkeypatch.setattr(systemd, "attempt", lambda verb, units: None)
    monkeypatch.setattr(cpu_weight, "_processes", lambda group: ["1"])
    monkeypatch.setattr(cpu_weight, "_ran", lambda process: 0.0)
    monkeypatch.setattr(cpu_weight, "_wants", lambda process: True)
    monkeypatch.setattr(idle, "GROUPS", tmp_path)
    monkeypatch.setattr(cpu_weight, "LOOK", 0.05)
    cpu_weight.building("readyhost_build.slice", patience=0.2)
    assert (group / "cpu.idle").read_text() == "1"
    time.sleep(0.5)
    assert (group / "cpu.idle").read_text() == "0"


def test_a_slice_without_a_group_as_yet_is_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "readyhost_build.slice" / "cpu.idle"

    def start(verb: str, units: list[str]) -> None:
        assert (verb, units) == ("start", ["readyhost_build.slice"])
        file.parent.mkdir()
        file.write_text("0")

    monkeypatch.setattr(idle, "GROUPS", tmp_path)
    monkeypatch.setattr(systemd, "attempt", start)
    cpu_weight.building("readyhost_build.slice")
    assert file.read_text() == "1"


def test_a_build_of_processes_without_end_fills_no_memory_of_who_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cpu_weight, "_ran", lambda process: 0.5)
    got, total = cpu_weight.Got(), 0.0
    tracemalloc.start()
    try:
        for look in range(200):
            total = got.now(f"{look}{number}" for number in range(1000, 1500))
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total == 200 * 500 * 0.5
    assert kept < 2**20
    assert got.now([]) == total


def test_a_slice_stays_idle_when_systemd_reads_its_units(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / cpu_weight.RELEASES / "cpu.idle"
    file.parent.mkdir()
    file.write_text("0")
    monkeypatch.setattr(idle, "GROUPS", tmp_path)
    monkeypatch.setattr(cpu_weight, "LOOK", 0.02)
    monkeypatch.setattr(cpu_weight, "_processes", lambda group: [])

    def becomes(value: str) -> bool:
        end = time.monotonic() + 10
        while file.read_text() != value and time.monotonic() < end:
            time.sleep(0.01)
        return file.read_text() == value

    cpu_weight.release()
    file.write_text("0")  # as systemd does
    assert becomes("1")
    with cpu_weight.at_once():
        time.sleep(0.2)
        assert file.read_text() == "0", "a look goes on"
    file.write_text("0")
    assert becomes("1"), "nobody looks any more"
    cpu_weight.release_equal()
    time.sleep(0.2)
    assert file.read_text() == "0"


def test_what_ends_is_put_off_for_a_moment_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "shop.slice" / "shop-blue.slice" / "cpu.idle"
    file.parent.mkdir(parents=True)
    file.write_text("0")
    monkeypatch.setattr(idle, "GROUPS", tmp_path)
    monkeypatch.setattr(cpu_weight, "LOOK", 0.02)
    with cpu_weight.ending(Layout("shop"), "blue", longest=2):
        assert file.read_text() == "1"
        end = time.monotonic() + 10
        while file.read_text() != "0" and time.monotonic() < end:  # it is empty for a moment
            time.sleep(0.01)
        assert file.read_text() == "0"
