"""Back to the release before, from the operator's machine: in seconds, or with the reason."""

from __future__ import annotations

from operator import truediv

import pytest

from roles.app.host.record import way
from tests.host.application import environ, traffic, units
from tests.support.box import changes, operations

from .bad import own
from .going_back import listed, record, rollback, seconds_for_nothing, seconds_to_switch
from .shop import Shop

SECONDS = 3
# What pyinfra takes to start, connect and run nothing, on a machine that has nothing else to do.
# Beside other tests it takes longer, and so may a rollback, in proportion.
NOTHING = 1.0


@pytest.mark.timeout(600)
def test_REL_03_back_at_once_and_further_each_time(shop: Shop) -> None:
    first, second, third = [shop.serves(), *(shop.tag({"VARIATION": text}) for text in "ab")]
    for tag in (second, third):
        shop.deploy(tag)
    assert shop.serves() == third
    with traffic(shop, "/version") as seen:
        nothing = [seconds_for_nothing(shop)]
        took = [seconds_to_switch(shop)]
        assert shop.serves() == second
        nothing.append(seconds_for_nothing(shop))
        took.append(seconds_to_switch(shop))
        assert shop.serves() == first
        run = rollback(shop, third)
        assert shop.serves() == third
        nothing.append(seconds_for_nothing(shop))
        took.append(seconds_to_switch(shop, second))
    assert shop.serves() == second
    assert seen.failures == []
    print("seconds to the switch:", took, "for nothing:", nothing)
    # Each beside the one for nothing just before: the machine is not always as busy.
    slower = [max(seconds / NOTHING, 1) for seconds in nothing]
    assert min(map(truediv, took, slower)) <= SECONDS, (took, nothing)
    # Nothing but the switch.
    assert operations(run.stdout) == 1
    assert list(changes(run.stdout)) == [f"App | {third} is live again"]
    entries = record(shop)[-6:]
    assert [entry["tag"] for entry in entries] == [second, third, second, first, third, second]
    assert [entry.get("back", False) for entry in entries] == [False] * 2 + [True] * 4
    assert len({entry["who"] for entry in entries}) == 1
    assert changes(rollback(shop, second).stdout) == {}, "what is live is live"


@pytest.mark.timeout(600)
def test_REL_03_one_that_was_pruned_is_built_again_and_said_so(shop: Shop) -> None:
    old, middle, new = [shop.serves(), *(shop.tag({"VARIATION": text}) for text in "yz")]
    for tag in (middle, new):
        shop.deploy(tag, READYHOST_APP__KEEP_RELEASES="2")
    assert old not in listed(shop)
    refused = shop.run(f"app-release rollback {old}")
    assert refused.returncode == 1
    assert f"{old} is no longer built on this host; it is built again by" in refused.stderr
    with traffic(shop, "/version") as seen:
        run = rollback(shop, old)
    assert f"{new} is live, {old} was before and was pruned: it is built again" in run.stdout
    assert shop.serves() == old
    assert set(seen.answers) == {new, old}
    assert seen.failures == []
    assert environ(shop, units(shop, "web")[0])["RELEASE"] == old
    assert [entry.get("back") for entry in record(shop)[-1:]] == [True]


@pytest.mark.timeout(600)
def test_REL_03_workers_that_what_came_after_has_broken_are_told(shop: Shop) -> None:
    left = "/srv/app/uploads/left-by-the-next-release"
    after = f"test ! -e {left} || {{ echo cannot read what is left >&2; exit 3; }}"
    worker = own(shop, "worker")
    first = shop.tag(shop.procfile(worker=f"sh -c '{after}; exec {worker}'"))
    second = shop.tag({"VARIATION": "the next"})
    for tag in (first, second):
        shop.deploy(tag)
    shop.ssh(f"touch {left}")
    try:
        run = rollback(shop, check=False)
    finally:
        shop.ssh(f"rm {left}")
    assert run.returncode != 0
    assert f"{first} is live again, but app-worker-" in run.stdout
    assert "ended at once" in run.stdout
    assert "cannot read what is left" in run.stdout
    assert shop.serves() == first
    assert record(shop)[-1]["outcome"] == "live"
    rollback(shop, second)
    assert shop.serves() == second


def test_REL_03_refuses_what_there_is_not(shop: Shop) -> None:
    serving = shop.serves()
    never = rollback(shop, "v99.0", check=False)
    assert never.returncode != 0
    assert "v99.0 has never been live on this host" in never.stdout
    oldest = way(record(shop))[0]  # a tag that was deployed again begins nothing
    rollback(shop, oldest)
    assert shop.serves() == oldest
    nothing = rollback(shop, check=False)
    assert nothing.returncode != 0
    assert "there is nothing to go back to" in nothing.stdout
    assert "Traceback" not in never.stdout + nothing.stdout
    rollback(shop, serving)


def test_REL_04_both_sides_list_the_same_releases(shop: Shop) -> None:
    here = shop.pyinfra("-y", deploy="releases.py").stdout
    there = shop.ssh("app-release list")
    lines = [line.partition("] ")[2] for line in here.splitlines() if f"[{shop.name}] " in line]
    assert [line.rstrip() for line in lines if line in there] == there.splitlines()
    row = listed(shop)[shop.serves()]
    assert set(row) >= {"tag", "commit", "when", "who", "state", "size"}
    assert (row["state"], row["who"]) == ("live", record(shop)[-1]["who"])
    assert int(row["size"].removesuffix(" MiB")) > 0
