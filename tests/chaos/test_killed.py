"""A run that is killed at any point is completed by the next."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from itertools import count

import pytest

from tests.host.conftest import DOMAIN
from vagrant.driver import PYINFRA, Box
from vagrant.running import changes

# Values that a running service shows, as settings before and after the killed runs.
BEFORE = {
    "READYHOST_POSTGRES__STATEMENT_TIMEOUT_SECONDS": "50",
    "READYHOST_REDIS__MAXMEMORY_POLICY": "allkeys-lru",
    "READYHOST_NGINX__HEADERS__HSTS_SECONDS": "1000",
    "READYHOST_APP__CACHE_TTL_SECONDS": "120",
}
AFTER = {
    "READYHOST_POSTGRES__STATEMENT_TIMEOUT_SECONDS": "45",
    "READYHOST_REDIS__MAXMEMORY_POLICY": "allkeys-lfu",
    "READYHOST_NGINX__HEADERS__HSTS_SECONDS": "2000",
    "READYHOST_APP__CACHE_TTL_SECONDS": "90",
}


def kill_in_operation(box: Box, number: int, values: dict[str, str]) -> bool:
    """Start a run and kill it (SIGKILL) inside its operation `number`; False: it ended before."""
    with subprocess.Popen(
        [str(PYINFRA), "-y", "inventories/vagrant.py", "deploy.py"],
        cwd=box.project,
        env=box.environment(values),
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as run:
        started = count(1)
        assert run.stdout
        for line in run.stdout:
            if "--> Starting operation" in line and next(started) == number:
                time.sleep(0.15)  # well inside: commands of an operation take longer than that
                run.send_signal(signal.SIGKILL)
                return True
    return False


def total_operations(box: Box) -> int:
    table = box.pyinfra("--dry").stdout.split("--> Detected changes:", 1)[1]
    rows = [line for line in table.split("\n\n")[0].splitlines()[2:] if line.strip()]
    return len(rows)


@pytest.mark.timeout(1200)
def test_ten_killed_runs_are_completed_by_the_next(bare: Box) -> None:
    operations = total_operations(bare)
    assert operations > 10
    # Five times on the bare host, further each time: the next run picks up what the last one left.
    for step in range(1, 6):
        assert kill_in_operation(bare, operations * step // 6 or 1, BEFORE)
    bare.converge(**BEFORE)
    assert shown(bare) == BEFORE

    # Five times on the way to other settings.
    killed = 0
    for step in range(1, 6):
        killed += kill_in_operation(bare, operations * step // 6 + 1, AFTER)
    assert killed == 5
    bare.converge(**AFTER)
    assert shown(bare) == AFTER
    assert changes(bare.converge(**AFTER).stdout) == {}
    assert bare.run("systemctl --failed --no-legend --plain").stdout.strip() == ""


def shown(box: Box) -> dict[str, str]:
    """What the running services say of themselves: not what a file says."""
    pid = box.ssh(
        "slot=$(basename $(readlink /srv/app/live));"
        " systemctl show -p MainPID --value app-web-$slot@1.service"
    )
    environment = dict(
        line.split("=", 1) for line in box.ssh(f"tr '\\0' '\\n' < /proc/{pid}/environ").splitlines()
    )
    database = box.ssh(
        'read -r url; psql -XAtq -c "SHOW statement_timeout" "$url"',
        stdin=environment["DATABASE_URL"] + "\n",
    )
    cache = box.ssh(
        "{ cat /etc/redis/operator; echo CONFIG GET maxmemory-policy; } | redis-cli"
    ).splitlines()
    headers = subprocess.run(
        ["curl", "-skI", "--resolve", f"{DOMAIN}:443:{box.ip}", f"https://{DOMAIN}/health"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return {
        "READYHOST_POSTGRES__STATEMENT_TIMEOUT_SECONDS": database.removesuffix("s"),
        "READYHOST_REDIS__MAXMEMORY_POLICY": cache[-1],
        "READYHOST_NGINX__HEADERS__HSTS_SECONDS": re.findall(r"max-age=(\d+)", headers)[0],
        "READYHOST_APP__CACHE_TTL_SECONDS": environment["CACHE_TTL"],
    }
