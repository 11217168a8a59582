"""The release before stays frozen for a while: a rollback thaws it and moves one link. What cannot
be gone back to as it runs is started anew, as without it."""

from __future__ import annotations

import shlex

import pytest

from tests.host.application import traffic, units

from .going_back import record
from .shop import Shop

CI = 2.0
"""Seconds on the host until it is proven again, that no busy machine needs and a start would."""
MOMENT = 30  # seconds; a run ends within
NOTE = "/run/readyhost/app-warm.json"


def former(shop: Shop) -> str:
    live = shop.ssh("basename $(readlink /srv/app/live)")
    return "green" if live == "blue" else "blue"


def processes(shop: Shop, slot: str) -> list[str]:
    """Main processes of a slot's units that run, workers included."""
    shown = shop.ssh(f"systemctl show --value -p MainPID 'app-*-{slot}@*.service'")
    return [line for line in shown.split() if line != "0"]


def _cpu(shop: Shop, processes: list[str]) -> dict[str, str]:
    """State and ticks of CPU of each."""
    files = " ".join(f"/proc/{each}/stat" for each in processes)
    rows = [line.rpartition(") ")[2].split() for line in shop.ssh(f"cat {files}").splitlines()]
    return {
        each: f"{row[0]} {row[11]} {row[12]}" for each, row in zip(processes, rows, strict=True)
    }


@pytest.mark.timeout(400)
def test_REL_03_within_the_time_it_is_thawed(shop: Shop) -> None:
    first, second = shop.serves(), shop.tag({"VARIATION": "warm"})
    shop.deploy(second, READYHOST_APP__WARM_SECONDS="600")
    slot = former(shop)
    frozen = processes(shop, slot)
    assert len(frozen) == len(units(shop, "web")), "a worker stays, or a web process does not"
    before = _cpu(shop, frozen)
    assert {each[0] for each in before.values()} == {"T"}
    assert '"due": ""' in shop.ssh("app-release status"), "a second run finds it odd"
    assert _cpu(shop, frozen) == before, "it takes CPU"
    with traffic(shop, "/version", clients=2) as seen:
        shop.ssh("app-release rollback")
        assert shop.serves() == first
    assert seen.failures == []
    assert set(frozen) <= set(processes(shop, slot)), "it was started anew"
    assert record(shop)[-1]["seconds"] < CI
    assert shop.run(f"test -e {NOTE}").returncode == 1
    assert processes(shop, former(shop)) == [], "what was left stays"


@pytest.mark.timeout(400)
def test_REL_03_after_its_time_it_is_stopped(shop: Shop) -> None:
    third = shop.tag({"VARIATION": "warm for a moment"})
    shop.deploy(third, READYHOST_APP__WARM_SECONDS=str(MOMENT))
    slot = former(shop)
    assert processes(shop, slot), "it was stopped at once"
    left = f"systemctl list-units --plain --no-legend 'app-*-{slot}@*' | grep -q ."
    shop.ssh(f"timeout {MOMENT + 20} sh -c {shlex.quote(f'while {left}; do sleep 0.5; done')}")
    assert shop.run(f"test -e {NOTE}").returncode == 1
    assert '"due": ""' in shop.ssh("app-release status")
