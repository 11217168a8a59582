"""Users do not wait for a release that is built or starts: it comes after what serves them, where
there is not enough CPU time for both."""

from __future__ import annotations

import json

import pytest

from tests.host.application import NAME, live
from tests.host.application import units as running

from .bad import own
from .going_back import rollback
from .shop import Shop

UPLOADS = f"/srv/{NAME}/uploads"
# The kernel's own figures; the unified hierarchy, or the older one with a tree for each controller.
WEIGHTS = (
    "cd /sys/fs/cgroup; [ -d cpu ] && cd cpu; for at in readyhost_build.slice"
    f" {NAME}.slice/{NAME}-blue.slice {NAME}.slice/{NAME}-green.slice;"
    " do echo $HOOK $at $(cat $at/cpu.weight $at/cpu.shares 2>/dev/null); done"
)


def weights(lines: list[str], moment: str) -> dict[str, int]:
    """Shares of CPU time by slice, as a hook saw them at `moment`: of those that have ever run."""
    rows = [line.split() for line in lines if line.startswith(f"{moment} ")]
    known = [row for row in rows if len(row) > 2]
    return {row[1].rsplit("/", 1)[-1].removesuffix(".slice"): int(row[2]) for row in known}


@pytest.mark.timeout(240)
def test_REL_03_what_is_built_or_starts_comes_after_what_serves(shop: Shop) -> None:
    hooks = {
        "before_build": [WEIGHTS, "cat /proc/self/cgroup"],
        "before_switch": [f"{{ {WEIGHTS}; }} >> {UPLOADS}/.share"],
        "after_switch": [f"{{ {WEIGHTS}; }} >> {UPLOADS}/.share"],
    }
    tag, former = shop.tag(), live(shop)
    shop.deploy(tag, READYHOST_APP__HOOKS=json.dumps(hooks))
    now = live(shop)
    log = shop.ssh(f"cat /srv/{NAME}/log/build-{tag}.log").splitlines()
    assert any(":/readyhost_build.slice/" in line for line in log)
    building = weights(log, "before_build")
    assert building["readyhost_build"] * 5 < building[f"{NAME}-{former}"]
    seen = shop.ssh(f"cat {UPLOADS}/.share; rm {UPLOADS}/.share").splitlines()
    starting, after = weights(seen, "before_switch"), weights(seen, "after_switch")
    assert starting[f"{NAME}-{now}"] * 5 < starting[f"{NAME}-{former}"]
    # Nobody would notice its being slow for ever.
    assert after[f"{NAME}-{now}"] == starting[f"{NAME}-{former}"]
    for process in ("web", "worker"):
        unit = running(shop, process)[0]
        group = shop.ssh(f"systemctl show --property=ControlGroup --value '{unit}'")
        assert group.startswith(f"/{NAME}.slice/{NAME}-{now}.slice/")


def tells(shop: Shop) -> dict[str, str]:
    """Files of a release that notes the shares in its release steps, and when its worker ends."""
    worker = f"{own(shop, 'worker')} &\ntrap 'sh weights.sh ending; kill $!; exit' TERM\n"
    return {
        **shop.procfile(
            release=f"sh weights.sh release && {own(shop, 'release')}", worker="sh worker.sh"
        ),
        "weights.sh": f"HOOK=$1; {{ {WEIGHTS}; }} >> {UPLOADS}/.share\n",
        "worker.sh": f"{worker}while :; do sleep 0.2; done\n",
    }


@pytest.mark.timeout(300)
def test_REL_03_release_steps_and_what_ends_come_after_what_serves(shop: Shop) -> None:
    shop.deploy(shop.tag(tells(shop)))
    former = live(shop)
    shop.ssh(f"rm {UPLOADS}/.share")
    shop.deploy(shop.tag(tells(shop)))
    now = live(shop)
    seen = shop.ssh(f"cat {UPLOADS}/.share; rm {UPLOADS}/.share").splitlines()
    steps, ending = weights(seen, "release"), weights(seen, "ending")
    assert steps[f"{NAME}-{now}"] * 5 < steps[f"{NAME}-{former}"]
    assert ending[f"{NAME}-{former}"] * 5 < ending[f"{NAME}-{now}"]


@pytest.mark.timeout(240)
def test_REL_03_the_way_back_does_not_wait_long_for_what_keeps_the_host_busy(shop: Shop) -> None:
    # as many for each process as there are cores, which are busy so once it is told
    told, said = f"{UPLOADS}/.busy", f"{UPLOADS}/.share"
    loop = f"(until [ -e {told} ]; do sleep 0.5; done; exec yes >/dev/null) & "
    busy = f"sh -c '{loop * int(shop.ssh('nproc'))}exec {own(shop, 'web')}'"
    hooks = {"before_switch": [f"{{ {WEIGHTS}; }} >> {said}"]}
    first, second = shop.tag(), shop.tag(shop.procfile(web=busy))
    shop.deploy(first, READYHOST_APP__HOOKS=json.dumps(hooks), READYHOST_APP__WARM_SECONDS="0")
    shop.deploy(second, READYHOST_APP__WARM_SECONDS="0")  # the way back starts anew
    shop.ssh(f"rm {said}; touch {told}; sleep 1; pgrep -u {NAME} -x yes")
    former = live(shop)
    rollback(shop, first)
    starting = weights(shop.ssh(f"cat {said}; rm {said} {told}").splitlines(), "before_switch")
    assert starting[f"{NAME}-{live(shop)}"] == starting[f"{NAME}-{former}"]
