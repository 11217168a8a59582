"""Back to the release before, from the operator's machine, or the reason why not; how many seconds
it takes is a figure of benchmarks/releases."""

from __future__ import annotations

import pytest

from roles.app.host.record import way
from tests.host.application import environ, traffic, units
from tests.support.readyhost import readyhost
from vagrant.running import changes, operations

from .bad import own
from .going_back import listed, record, rollback, seconds_to_switch
from .shop import Shop

FAR_TOO_LONG = 20
"""Seconds to the switch that no machine is too busy for, and that building anew would take."""


@pytest.mark.timeout(600)
def test_REL_03_back_at_once_and_further_each_time(shop: Shop) -> None:
    first, second, third = [shop.serves(), *(shop.tag({"VARIATION": text}) for text in "ab")]
    for tag in (second, third):
        shop.deploy(tag)
    assert shop.serves() == third
    # One client: that none of many is lost is tried elsewhere, and here they would take the time.
    with traffic(shop, "/version", clients=1) as seen:
        took = [seconds_to_switch(shop)]
        assert shop.serves() == second
        took.append(seconds_to_switch(shop))
        assert shop.serves() == first
        run = rollback(shop, third)
        assert shop.serves() == third
        took.append(seconds_to_switch(shop, second))
    assert shop.serves() == second
    assert seen.failures == []
    assert min(took) < FAR_TOO_LONG, took
    # Nothing but the switch, once the host is known to be this environment's.
    assert operations(run.stdout) == 2
    assert list(changes(run.stdout)) == [f"App | {third} is live again"]
    entries = record(shop)[-6:]
    assert [entry["tag"] for entry in entries] == [second, third, second, first, third, second]
    assert [entry.get("back", False) for entry in entries] == [False] * 2 + [True] * 4
    assert len({entry["who"] for entry in entries}) == 1
    assert changes(rollback(shop, second).stdout) == {}, "what is live is live"
    differs = readyhost(shop, "drift", READYHOST_APP__TAG=third)
    assert differs.returncode == 2
    assert f"App | {third} is live: not brought there yet" in differs.stderr, "no hand did it"
    assert "changed on the host" not in differs.stderr


@pytest.mark.timeout(600)
def test_REL_03_one_that_was_pruned_is_built_again_and_said_so(shop: Shop) -> None:
    old, middle, new = [shop.serves(), *(shop.tag({"VARIATION": text}) for text in "yz")]
    for tag in (middle, new):
        shop.deploy(tag)
    assert old in listed(shop)
    # Also of a release that is live already: no other one has to come for it.
    said = shop.deploy(new, READYHOST_APP__KEEP_RELEASES="2").stdout
    assert "more releases are there than app.keep_releases" in said
    assert old not in listed(shop)
    assert f"App | {new} is live" not in changes(
        shop.deploy(new, READYHOST_APP__KEEP_RELEASES="2").stdout
    )
    refused = shop.run(f"app-release rollback {old}")
    assert refused.returncode == 1
    said = f"{old} is no longer on this host as it was built; it is built again by"
    assert said in refused.stderr
    with traffic(shop, "/version") as seen:
        run = rollback(shop, old)
    assert f"{new} is live, {old} was before and was pruned: it is built again" in run.stdout
    assert shop.serves() == old
    assert set(seen.answers) == {new, old}
    assert seen.failures == []
    assert environ(shop, units(shop, "web")[0])["RELEASE"] == old
    assert [entry.get("back") for entry in record(shop)[-1:]] == [True]


@pytest.mark.timeout(600)
def test_DB_10_a_rollback_over_a_changed_password_gets_the_present_one(shop: Shop) -> None:
    first, second = shop.serves(), shop.tag({"VARIATION": "with other passwords"})
    database, cache = "91c06a7d53fe42b8a0c4", "4d1f7e0ab95c4b2e8a6f"
    shop.values |= {"READYHOST_POSTGRES__PASSWORD": database, "READYHOST_REDIS__PASSWORD": cache}
    shop.deploy(second)
    with traffic(shop, "/health") as seen:
        before = record(shop)
        refused = shop.run("app-release rollback")
        assert refused.returncode == 1
        assert f"{first} was last live with another DATABASE_URL, REDIS_URL" in refused.stderr
        assert record(shop) == before, "it counts as a bad release"
        rollback(shop)
    assert shop.serves() == first
    assert seen.failures == []
    assert record(shop)[-1].get("back") is True
    now = environ(shop, units(shop, "web")[0])
    assert database in now["DATABASE_URL"]
    assert cache in now["REDIS_URL"]
    del shop.values["READYHOST_POSTGRES__PASSWORD"], shop.values["READYHOST_REDIS__PASSWORD"]
    shop.deploy(first)
    assert shop.https("/health").status_code == 200


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
