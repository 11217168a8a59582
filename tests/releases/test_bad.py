"""Releases that go wrong: users do not see them, or hardly, the former one serves all the time,
the run says what was wrong, and the next good one goes through by itself."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.host.application import NAME, traffic

from . import bad
from .bad import Files
from .shop import Shop

WATCHED = {"READYHOST_APP__WATCH__SECONDS": "20"}
SOON = {"READYHOST_APP__HEALTH__DEADLINE_SECONDS": "8"}


def outcome(shop: Shop) -> dict[str, str]:
    """The last entry of the host's record."""
    return dict(json.loads(shop.ssh(f"tail -n 1 /srv/{NAME}/releases.jsonl")))


def the_next_good_one_goes_through(shop: Shop) -> None:
    tag = shop.tag()
    with traffic(shop, "/version", clients=2) as seen:
        shop.deploy(tag)
    assert seen.failures == []
    assert shop.serves() == tag


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (bad.does_not_build, "invalid syntax"),
        (bad.fails_its_migration, "no_such_function"),
        (bad.has_no_such_program, "no-such-server"),
        (bad.does_not_start, "no configuration"),
        (bad.answers_500, "/health answered 500"),
    ],
)
def test_REL_02_users_never_see_a_release_that_fails_before_the_switch(
    shop: Shop, what: Callable[[Shop], Files], reason: str
) -> None:
    before, tag = shop.serves(), shop.tag(what(shop))
    with traffic(shop, "/version", clients=2) as seen:
        run = shop.deploy(tag, check=False, **WATCHED, **SOON)
    assert run.returncode != 0
    assert reason in run.stdout
    assert f"{tag} was not made live; {before} goes on serving." in run.stdout
    assert f"stopped in “App | {tag} is live”;" in run.stdout, "nothing of it is half done"
    assert seen.failures == []
    assert set(seen.answers) == {before}
    assert (outcome(shop)["tag"], outcome(shop)["outcome"]) == (tag, "failed")
    the_next_good_one_goes_through(shop)


@pytest.mark.timeout(120)
def test_REL_02_a_full_disk_is_noticed_before_the_build(shop: Shop) -> None:
    before, tag = shop.serves(), shop.tag()
    run = shop.deploy(tag, check=False, READYHOST_APP__BUILD__FREE_DISK_MB="99999999")
    assert run.returncode != 0
    assert "MiB free; a build wants 99999999 MiB" in run.stdout
    assert shop.run(f"ls /srv/{NAME}/releases/{tag}").returncode != 0
    assert shop.serves() == before


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("what", "reason", "state"),
    [
        (bad.dies_after_10_s, ": killed by SIGBUS", "failed"),
        (bad.leaks_memory, "out of memory", "failed: out of memory"),
        (bad.answers_500_but_is_healthy, "answers were a 5xx", "failed"),
    ],
)
def test_REL_02_a_release_that_goes_bad_is_switched_back(
    shop: Shop, what: Callable[[Shop], Files], reason: str, state: str
) -> None:
    before, tag = shop.serves(), shop.tag(what(shop))
    with traffic(shop, "/version", clients=2) as seen:
        run = shop.deploy(tag, check=False, **WATCHED)
    assert run.returncode != 0
    assert f"{tag} went bad after the switch: " in run.stdout
    assert reason in run.stdout
    assert f"{tag} was not made live; {before} goes on serving." in run.stdout
    assert "Traceback" not in run.stdout
    assert shop.serves() == before
    assert seen.answers[before] > 50
    # A look a second, Nginx's log a second old, and a machine that is busy with both of them.
    assert seen.failed_for <= 5, f"{len(seen.failures)} failures in {seen.failed_for:.1f} s"
    assert (outcome(shop)["tag"], outcome(shop)["outcome"]) == (tag, "failed")
    marked = json.loads(shop.ssh(f"{NAME}-release list --json"))
    assert {r["tag"]: r["state"] for r in marked}[tag] == state
    the_next_good_one_goes_through(shop)
    refused = shop.run(f"{NAME}-release rollback {tag}")
    assert (refused.returncode, f"{tag} has never been live" in refused.stderr) == (1, True)
