"""What befalls a host while the former release is frozen: a boot, a kill, too little memory, a
program that was killed just after it had thawed it. The live one serves, and nothing stays."""

from __future__ import annotations

import shlex
import time

import pytest

from tests.host.application import traffic

from .shop import Shop
from .test_warm import NOTE, former, processes

LEAVES = 0.05  # of the application's memory, which is too little: warm.TIGHT is 0.1
ALL = 10  # good answers in a row
LOCK = "/run/readyhost/app-release.lock"
SOON = 30  # seconds; the watchdog looks every five
TAKEN = """
memory, taken = {}, 0
import sys, time
while taken < int(sys.argv[1]):
    memory[taken] = bytearray(b"x") * (1 << 20)
    taken += 1 << 20
print("taken", flush=True)
time.sleep(60)
"""


@pytest.fixture
def slot(shop: Shop) -> str:
    """That of a release which is frozen beside the live one."""
    shop.deploy(shop.tag({"VARIATION": "frozen"}), READYHOST_APP__WARM_SECONDS="600")
    found = former(shop)
    assert processes(shop, found), "it is not warm"
    return found


def due(shop: Shop) -> str:
    return shop.ssh("app-release status | python3 -c 'import json, sys; print(json.load(sys.stdin)"
                    "[\"due\"])'")  # fmt: skip


@pytest.mark.timeout(400)
def test_REL_03_a_boot_leaves_the_live_one(shop: Shop, slot: str) -> None:
    live = shop.serves()
    shop.reboot()
    end = time.monotonic() + SOON  # systemd starts a process, and does not wait until it answers
    answered = 0
    while answered < ALL:  # one process may answer before the others are there
        assert time.monotonic() < end, "nothing serves after the boot"
        answered = answered + 1 if shop.https("/health").status_code == 200 else 0
        time.sleep(0.2)
    assert shop.serves() == live
    assert processes(shop, slot) == []
    assert shop.run(f"test -e {NOTE}").returncode == 1
    assert due(shop) == ""


@pytest.mark.timeout(400)
def test_REL_03_what_is_killed_while_it_is_frozen_is_no_way_back_and_costs_nobody(
    shop: Shop, slot: str
) -> None:
    live = shop.serves()
    with traffic(shop, "/version", clients=2) as seen:
        shop.ssh(f"kill -9 {' '.join(processes(shop, slot))}")
        assert due(shop) == "clean_up", "processes run beside the live ones, and nobody sees it"
        shop.ssh("app-release rollback")
    assert seen.failures == []
    assert shop.serves() != live
    assert processes(shop, former(shop)) == []
    assert due(shop) == ""


@pytest.mark.timeout(400)
def test_REL_03_what_a_killed_program_had_thawed_is_ended_by_the_next(
    shop: Shop, slot: str
) -> None:
    live = shop.serves()
    shop.ssh(f"kill -CONT {' '.join(processes(shop, slot))}")
    assert due(shop) == "clean_up"
    shop.ssh(f"app-release activate {live}")
    assert processes(shop, slot) == []
    assert (shop.serves(), due(shop)) == (live, "")


@pytest.mark.timeout(400)
def test_REL_03_its_time_ends_while_the_next_release_is_on_its_way(shop: Shop, slot: str) -> None:
    """What would stop it waits for the next release, and has nothing left to stop."""
    tag = shop.tag({"VARIATION": "the next"})
    # As its timer does, as soon as the next one is on its way.
    begun = f"until grep -qs 'release {tag}' {LOCK}; do sleep 0.1; done"
    ended = "systemctl start --no-block app_warm.service; touch /run/it-ends"
    shop.ssh(f"systemd-run -q --collect sh -c {shlex.quote(f'{begun}; {ended}')}")
    shop.deploy(tag, READYHOST_APP__WARM_SECONDS="600")
    shop.ssh("rm /run/it-ends")
    time.sleep(2)
    assert (shop.serves(), due(shop)) == (tag, "")
    assert processes(shop, former(shop)), "it was stopped by the timer of the one before"


@pytest.mark.timeout(400)
def test_REL_03_it_goes_before_the_live_one_lacks_memory(shop: Shop, slot: str) -> None:
    live = shop.serves()
    free = shop.ssh(
        "python3 -IS -c 'import sys; sys.path.insert(0, \"/usr/local/lib/readyhost\");"
        " from release import warm; from release.layout import Layout;"
        " ceiling, used = warm._use(Layout(\"app\"));"
        f" print(int(ceiling - used - {LEAVES} * ceiling))'"
    )  # fmt: skip
    taker = (
        f"systemd-run --quiet --collect --unit=app-taker --slice=app.slice python3 -c {{}} {free}"
    )
    with traffic(shop, "/version", clients=2) as seen:
        shop.ssh(taker.format(shlex.quote(TAKEN)))
        gone = f"while [ -e {NOTE} ]; do sleep 0.5; done"
        try:
            shop.ssh(f"timeout {SOON} sh -c {shlex.quote(gone)}", timeout=SOON + 30)
        finally:
            shop.run("systemctl stop app-taker")
    assert seen.failures == []
    assert processes(shop, slot) == []
    assert (shop.serves(), due(shop)) == (live, "")
