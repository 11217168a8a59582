"""The least host that there is, one GiB and two cores, and ten switches of both examples under
load: TESTS=releases, since it takes minutes of both cores."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.host.conftest import DOMAIN, values
from tests.support.suites import suites
from tests.support.wrk import meanwhile
from vagrant.driver import wrapper
from vagrant.example import repository

from .going_back import rollback
from .shop import Shop

MIB = 1024
CLIENTS = 100
# Half of the switches go on to a new release, the others back.
TIMES = max(int(os.environ.get("SWITCHES", "10")) // 2, 1)
# What vagrant.toml sets for boxes that see all memory of their machine, as it is by default.
DEFAULTS = {
    "READYHOST_APP__MEMORY_SHARE_PERCENT": "50",
    "READYHOST_POSTGRES__MEMORY_PERCENT": "50",
    "READYHOST_REDIS__MAXMEMORY_MB": str(MIB // 10),
    "READYHOST_APP__WATCH__SECONDS": "5",
}
RUNNING = (
    "systemctl show -P MainPID postgresql@*-main pgbouncer redis-server nginx rsyslog fail2ban ssh"
)


def killed(shop: Shop) -> list[str]:
    """What the kernel has ended for memory on a box, as this machine's own log has it."""
    log = subprocess.run(["sudo", "-n", "dmesg"], check=True, capture_output=True, text=True).stdout
    name = f"/lxc.payload.readyhost-{shop.name}-"
    return [line for line in log.splitlines() if "oom-kill:" in line and name in line]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("example", ["fastapi", "express"])
def test_APP_04_the_least_host_bears_switches_under_load(tmp_path: Path, example: str) -> None:
    suite = suites()[-1]
    source = repository(example, tmp_path / example)
    shop = Shop.boot(f"small-{example}-{suite}", suite, {**values(source), **DEFAULTS})
    shop.example, shop.repository = example, source
    earlier = killed(shop)  # of a box of that name, by another run
    try:
        wrapper("memory", shop.name, str(MIB))
        keep = str(TIMES + 2)
        shop.converge(READYHOST_APP__KEEP_RELEASES=keep)
        tags = [shop.tag({"VARIATION": str(number)}) for number in range(TIMES)]
        large = {"READYHOST_APP__MEMORY_PROCESS_MB": "160", "READYHOST_APP__WEB__INSTANCES": "2"}
        refused = shop.pyinfra("-y", check=False, values=large)
        assert refused.returncode == 1
        assert "into the 512 MiB" in refused.stdout and "1 processes in all do" in refused.stdout
        assert "Starting operation" not in refused.stdout
        before = shop.ssh(RUNNING)
        with meanwhile(shop.ip, DOMAIN, "/items?cache=no", CLIENTS, think=1000, timeout=60) as seen:
            for tag in tags:
                shop.deploy(tag, READYHOST_APP__KEEP_RELEASES=keep)
            for _ in tags:
                rollback(shop)
        assert seen.load
        assert seen.load.errors == 0, seen.load
        assert [line for line in killed(shop) if line not in earlier] == []
        assert shop.ssh(RUNNING) == before
        assert "out of memory" not in shop.ssh("app-release list")
    finally:
        shop.destroy()
