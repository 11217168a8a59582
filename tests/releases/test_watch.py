"""The watch belongs to the host, and a switch that was left is finished."""

from __future__ import annotations

import json
import subprocess
import time

import pytest

from tests.host.application import NAME, live, prop, traffic
from vagrant.driver import PYINFRA
from vagrant.running import changes

from . import bad
from .shop import Shop


def record(shop: Shop) -> list[dict[str, object]]:
    """What the host remembers of its releases."""
    lines = shop.ssh(f"cat /srv/{NAME}/releases.jsonl").splitlines()
    return [json.loads(line) for line in lines]


def until_serving(shop: Shop, tag: str, seconds: float = 120) -> None:
    """Wait until the host serves `tag`."""
    end = time.monotonic() + seconds
    while shop.serves() != tag:
        assert time.monotonic() < end, f"{tag} is not served"
        time.sleep(0.2)


def until_recorded(shop: Shop, tag: str, seconds: float = 120) -> dict[str, object]:
    """Wait for the entry that tells how `tag` ended."""
    end = time.monotonic() + seconds
    while record(shop)[-1]["tag"] != tag:
        assert time.monotonic() < end, f"{tag} has no end"
        time.sleep(0.5)
    return record(shop)[-1]


def begin(shop: Shop, tag: str, seconds: int) -> subprocess.Popen[bytes]:
    """A deploy of `tag`, watched for so long, on its way."""
    return subprocess.Popen(
        [str(PYINFRA), "-y", "--data", f"tag={tag}", "inventories/vagrant.py", "deploy.py"],
        cwd=shop.project,
        env=shop.environment({"READYHOST_APP__WATCH__SECONDS": str(seconds)}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def kill_while_watched(shop: Shop, tag: str) -> None:
    """Deploy `tag`, and kill what releases it as soon as it serves."""
    with begin(shop, tag, 300) as run:
        until_serving(shop, tag)
        shop.ssh(f"systemctl kill --signal=KILL '{NAME}-release-run-*.service'")
        run.wait(60)


def left(slot: str) -> str:
    """Shell: the units of a slot that run; one that is frozen stays for a rollback."""
    listed = f"systemctl list-units --plain --no-legend --state=active '{NAME}-*-{slot}@*'"
    return (
        f"{listed} | while read -r unit rest; do"
        ' state=$(cut -d" " -f3 /proc/$(systemctl show --value -p MainPID $unit)/stat 2>/dev/null);'
        ' [ "$state" = T ] || echo "$unit $rest"; done'
    )


def until_healthy(shop: Shop, seconds: float = 30) -> None:
    """Wait until the application says that it has all that it needs."""
    end = time.monotonic() + seconds
    while shop.https("/health").status_code != 200:
        assert time.monotonic() < end, "it is not healthy"
        time.sleep(0.2)


@pytest.mark.timeout(300)
def test_REL_02_a_cut_connection_does_not_end_the_watch(shop: Shop) -> None:
    before, tag = shop.serves(), shop.tag(bad.dies_after_10_s(shop))
    with begin(shop, tag, 30) as run:
        until_serving(shop, tag)
        run.kill()
    ended = until_recorded(shop, tag)
    assert (ended["outcome"], shop.serves()) == ("failed", before)
    assert "ended" in str(ended["reason"])


@pytest.mark.timeout(300)
def test_REL_03_a_rollback_ends_the_watch_at_once(shop: Shop) -> None:
    before, tag = shop.serves(), shop.tag()
    with traffic(shop, "/version", clients=2) as seen, begin(shop, tag, 300) as run:
        until_serving(shop, tag)
        shop.ssh(f"{NAME}-release rollback --by ann", timeout=60)
        assert shop.serves() == before
        assert run.wait(60) != 0
    assert seen.failures == []
    assert until_recorded(shop, tag)["reason"] == "ann rolled it back"


@pytest.mark.timeout(300)
def test_REL_04_a_release_that_was_killed_while_watched_is_finished_by_the_next(shop: Shop) -> None:
    tag = shop.tag()
    kill_while_watched(shop, tag)
    assert shop.serves() == tag
    assert record(shop)[-1]["tag"] != tag
    shop.deploy(tag)
    assert (record(shop)[-1]["tag"], record(shop)[-1]["outcome"]) == (tag, "live")
    # What is live is not watched again.
    again = shop.deploy(tag, check=True, READYHOST_APP__WATCH__SECONDS="3000")
    assert f"App | {tag} is live" not in changes(again.stdout)
    other = {"blue": "green", "green": "blue"}[live(shop)]
    assert shop.ssh(left(other)) == ""
    assert json.loads(shop.ssh(f"{NAME}-release status"))["due"] == ""


@pytest.mark.timeout(300)
def test_REL_02_one_that_goes_bad_stays_where_the_former_is_no_better(shop: Shop) -> None:
    """Neither answers without its cache: going back would help nobody."""
    before, tag = shop.serves(), shop.tag()
    with begin(shop, tag, 300) as run:
        until_serving(shop, tag)
        shop.ssh("systemctl stop redis-server")
        try:
            assert run.wait(120) != 0
        finally:
            shop.ssh("systemctl start redis-server")
        said = run.communicate()[0].decode()
    assert f"{tag} is bad: " in said
    assert "it stays live, because the former release is no better: " in said
    assert "/health answered 503" in said.split("is no better: ")[1]
    assert f"{before} goes on serving" not in said
    entry = record(shop)[-1]
    assert (entry["tag"], entry["outcome"], shop.serves()) == (tag, "live", tag)
    assert "no better" in str(entry["reason"])
    # It was the cache: with it back the release is good, schedules and all, and nothing is to do.
    until_healthy(shop)
    assert json.loads(shop.ssh(f"{NAME}-release status"))["why"] == []
    other = {"blue": "green", "green": "blue"}[live(shop)]
    assert shop.ssh(left(other)) == ""


@pytest.mark.timeout(300)
def test_APP_08_a_job_that_runs_at_a_switch_finishes_and_runs_alone(shop: Shop) -> None:
    """It says what it is when it begins and ends; the next release's is not begun beside it."""
    trace, go = f"/srv/{NAME}/uploads/.job", f"/srv/{NAME}/uploads/.go"
    wait = f"until [ -e {go} ]; do sleep 0.2; done"
    command = f"sh -c 'echo begin $RELEASE >>{trace}; {wait}; echo end $RELEASE >>{trace}'"
    job = {"slow": {"command": command, "schedule": "*-*-* 04:00", "timeout_seconds": 250}}
    values = {"READYHOST_APP__JOBS": json.dumps(job)}
    first, second = shop.tag(), shop.tag()
    shop.deploy(first, check=True, **values)
    former = f"{NAME}-slow-{live(shop)}.service"
    shop.ssh(f"systemctl start --no-block {former}")
    shop.deploy(second, check=True, **values)
    assert shop.serves() == second
    assert prop(shop, former, "ActiveState") == "activating"
    now = f"{NAME}-slow-{live(shop)}.service"
    assert prop(shop, f"{NAME}-slow.timer", "Unit") == now != former
    shop.run(f"systemctl start {now}")
    shop.ssh(f"touch {go}")
    end = time.monotonic() + 60
    while prop(shop, former, "ActiveState") == "activating":
        assert time.monotonic() < end
        time.sleep(0.5)
    said = shop.ssh(f"cat {trace}; rm {trace} {go}").splitlines()
    assert said == [f"begin {first}", f"end {first}"]
