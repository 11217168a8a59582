"""Deploys that are cut off at random points: somebody always serves, and the next run needs no
help. And two of them at once."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from tests.host.application import traffic
from vagrant.driver import PYINFRA
from vagrant.running import changes

from .shop import Shop

POINTS = 5  # on each box; on two boxes that is ten
SEED = 7
# Every session of the operator but the one that asks for this.
CUT = (
    "own=$(ps -o ppid= -p $PPID | tr -d ' ');"
    " for each in $(pgrep -u vagrant -x sshd); do [ $each = $own ] || kill -9 $each; done"
)


def begun(shop: Shop, tag: str) -> subprocess.Popen[str]:
    """A deploy of `tag` that has just been started."""
    return subprocess.Popen(
        [str(PYINFRA), "-y", "--data", f"tag={tag}", "inventories/vagrant.py", "deploy.py"],
        cwd=shop.project,
        env=shop.environment({}),
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@pytest.mark.timeout(900)
def test_REL_04_a_run_that_is_cut_off_anywhere_is_completed_by_the_next(shop: Shop) -> None:
    begin = time.monotonic()
    last = shop.tag({"VARIATION": "timed"})
    shop.deploy(last)
    whole = time.monotonic() - begin
    chance = random.Random(SEED)

    def kill(run: subprocess.Popen[str]) -> None:
        run.send_signal(signal.SIGKILL)

    def cut(run: subprocess.Popen[str]) -> None:
        shop.ssh(CUT)

    ways: list[Callable[[subprocess.Popen[str]], None]] = [kill, cut]
    with traffic(shop, "/version") as seen:
        for number in range(POINTS):
            tag = shop.tag({"VARIATION": str(number)})
            # One in each part of the run, so that no part is left out.
            moment = whole * (number + chance.random()) / POINTS
            with begun(shop, tag) as run:
                time.sleep(moment)
                ways[number % 2](run)
                run.communicate(timeout=120)
            assert shop.serves() in (last, tag)
            shop.deploy(tag)
            assert shop.serves() == tag, f"cut off after {moment:.1f} s"
            last = tag
    assert seen.failures == []
    assert changes(shop.deploy(last).stdout) == {}


@pytest.mark.timeout(300)
def test_REL_04_one_of_two_deploys_is_refused_with_the_holders_name(shop: Shop) -> None:
    serving, first, second = shop.serves(), shop.tag({"VARIATION": "1"}), shop.tag()
    with traffic(shop, "/version") as seen, begun(shop, first) as run:
        who = until_held(shop)
        refused = shop.deploy(second, check=False, READYHOST_SSH__WAIT_SECONDS="0")
        said = run.communicate()[0]
    assert run.returncode == 0, said
    assert refused.returncode != 0
    assert f"{who} is busy here with deploy.py {first} since 2" in refused.stdout
    assert "Traceback" not in refused.stdout
    assert shop.serves() == first
    assert seen.failures == []
    assert set(seen.answers) <= {serving, first}
    shop.deploy(second)
    assert shop.serves() == second


@pytest.mark.timeout(300)
def test_REL_04_the_next_run_takes_over_from_a_holder_that_died(shop: Shop) -> None:
    serving, dead, tag = shop.serves(), shop.tag({"VARIATION": "dead"}), shop.tag()
    with traffic(shop, "/version") as seen:
        with begun(shop, dead) as run:
            until_held(shop)
            shop.ssh("systemctl kill --signal=KILL 'app-release-run-*'")
            said = run.communicate()[0]
        assert run.returncode != 0, said
        assert shop.serves() == serving
        shop.deploy(tag)
    assert shop.serves() == tag
    assert seen.failures == []
    assert changes(shop.deploy(tag).stdout) == {}, "a second deploy of the live tag"


def until_held(shop: Shop) -> str:
    """Who holds the lock, once somebody does."""
    ask = "cd /run/readyhost; flock -n app-release.lock true || cat app-release.lock"
    end = time.monotonic() + 120
    while not (held := shop.run(ask).stdout):
        assert time.monotonic() < end, "nobody ever held the lock"
    return held.split('"who": "')[1].split('"')[0]
