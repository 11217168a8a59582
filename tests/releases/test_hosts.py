"""Two hosts in one run: both get the release, and what fails on one is not lost on the other."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from tests.host import shared_hosts
from tests.support.readyhost import readyhost
from vagrant.driver import Completed
from vagrant.running import changes

from .conftest import wanted
from .going_back import record
from .shop import Shop

# A migration that one host can't run: only there does somebody have the table's name.
MIGRATION = {"migrations/9001_taken.sql": "CREATE TABLE taken (id int PRIMARY KEY);\n"}

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def pair(shop: Shop) -> Iterator[tuple[Shop, Shop]]:
    """The shop's host and another one, which the same settings are for."""
    settings = wanted(shop.example, shop.repository)
    other = shared_hosts.begun(Shop, f"other-{shop.suite}", shop.suite, settings)
    try:
        other.example, other.repository = shop.example, shop.repository
        run(shop, other)
        yield shop, other
    finally:
        other.destroy()


def run(
    one: Shop, other: Shop, *arguments: str, deploy: str = "deploy.py", check: bool = True
) -> Completed:
    """A run of pyinfra over both."""
    both = {"BOXES": f"{one.name},{other.name}"}
    return one.pyinfra("-y", *arguments, deploy=deploy, check=check, values=both)


def state(hosts: tuple[Shop, Shop]) -> list[str]:
    """What clients of each get."""
    return [host.serves() for host in hosts]


def test_REL_01_both_hosts_get_a_release_and_go_back(pair: tuple[Shop, Shop]) -> None:
    shop, _ = pair
    before = shop.serves()
    run(*pair, "--data", f"tag={before}")
    tag = shop.tag({"VARIATION": "for two"})
    done = run(*pair, "--data", f"tag={tag}")
    assert state(pair) == [tag, tag]
    assert all(f"[{host.name}]" in done.stdout for host in pair)
    assert changes(run(*pair, "--data", f"tag={tag}").stdout) == {}
    assert {record(host)[-1]["tag"] for host in pair} == {tag}
    run(*pair, deploy="rollback.py")
    assert state(pair) == [before, before]


def test_REL_08_logs_of_both_hosts_are_one_stream_by_time(pair: tuple[Shop, Shop]) -> None:
    mark = f"/merged-{time.time_ns()}-"
    asked = [(host, f"{mark}{number}") for number in range(3) for host in pair]
    for host, path in asked:
        host.https(path)
        time.sleep(1.1)  # Nginx notes whole seconds
    both = ",".join(host.name for host in pair)
    expected, end = [(host.name, path) for host, path in asked], time.monotonic() + 20
    while True:
        lines = readyhost(pair[0], "logs", "--grep", mark, BOXES=both).stdout.splitlines()
        assert lines == sorted(lines)
        words = [line.split(" ", 3) for line in lines]
        found = [(host, text) for _, host, who, text in words if who == "nginx"]
        if len(found) == len(expected):
            break
        assert time.monotonic() < end, lines  # Nginx keeps its lines for a second
    numbers = [text.partition(mark)[2][0] for _, text in found]
    assert [(host, mark + n) for (host, _), n in zip(found, numbers, strict=True)] == expected
    assert {host for _, host, who, _ in words if who != "nginx"} == {host.name for host in pair}
    one = readyhost(pair[0], "logs", "--grep", mark, "--host", pair[1].name, BOXES=both).stdout
    assert len(one.splitlines()) == len([host for _, host, _, _ in words if host == pair[1].name])


def test_REL_02_what_fails_on_one_host_is_live_on_the_other(pair: tuple[Shop, Shop]) -> None:
    shop, other = pair
    before = state(pair)
    as_owner = "cd /tmp && runuser -u postgres -- psql -q app -c"
    other.ssh(f"{as_owner} 'CREATE TABLE taken ()'")
    tag = shop.tag(MIGRATION)
    failed = run(*pair, "--data", f"tag={tag}", check=False)
    assert failed.returncode != 0
    assert state(pair) == [tag, before[1]]
    said = [line for line in failed.stdout.splitlines() if f"[{other.name}]" in line]
    assert any("the release steps failed" in line for line in said), failed.stdout
    assert any(f"{before[1]} goes on serving" in line for line in said), failed.stdout
    assert not any("the release steps failed" in line for line in failed.stdout.splitlines()
                   if f"[{shop.name}]" in line)  # fmt: skip

    other.ssh(f"{as_owner} 'DROP TABLE taken'")
    again = run(*pair, "--data", f"tag={tag}")
    assert state(pair) == [tag, tag]
    outcomes = [[e["outcome"] for e in record(host) if e["tag"] == tag] for host in pair]
    assert outcomes == [["live"], ["failed", "live"]], json.dumps(outcomes)
    assert "App" in str(changes(again.stdout))


def test_REL_04_a_host_that_is_away_keeps_no_other_from_its_release(
    pair: tuple[Shop, Shop],
) -> None:
    shop, other = pair
    before = state(pair)
    tag = shop.tag({"VARIATION": "without the other"})
    other.disconnect()
    shut = f"-p tcp --dport 22 ! -s {other.ip} -j REJECT"
    # it opens by itself: nobody could come in to do it
    other.ssh(f"systemd-run -q --on-active=60 iptables -D INPUT {shut}; iptables -I INPUT {shut}")
    failed = run(*pair, "--data", f"tag={tag}", check=False)
    assert failed.returncode != 0
    assert state(pair) == [tag, before[1]]
    assert other.name in failed.stdout
