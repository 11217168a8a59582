"""Where a run that went on would do harm: it stops, says why, and leaves what runs as it is."""

from __future__ import annotations

import pytest

from roles.core.state import STATE
from tests.host.conftest import Host
from tests.host.database import superuser
from tests.host.stages import once, once_at_all
from tests.support.readyhost import readyhost
from vagrant.running import changes, work

BROKEN = {  # files of a hand that these would not start with
    "nginx": "/etc/nginx/conf.d/00-hand.conf",
    "ssh": "/etc/ssh/sshd_config.d/00-hand.conf",
    "fail2ban": "/etc/fail2ban/jail.d/hand.local",
}


@once
@pytest.mark.parametrize("unit", BROKEN)
def test_HOST_09_a_hands_broken_file_takes_no_service_down(box: Host, unit: str) -> None:
    """A restart is pending, as after an upgrade; what runs goes on running."""
    file = BROKEN[unit]
    before = box.ssh(f"systemctl show -p MainPID --value {unit}")
    box.ssh(f"echo '[nonsense' >{file}; rm {STATE}/stamps/{unit}.restart")
    try:
        run = box.pyinfra("-y", check=False)
        assert run.returncode == 1
        assert f"restart {unit}: it runs with a former configuration" in run.stdout
        assert f"{unit} goes on as it is: it would not start again" in run.stdout
        assert file in run.stdout, "where it is"
        assert box.ssh(f"systemctl show -p MainPID --value {unit}") == before
    finally:
        box.ssh(f"rm {file}")
    assert list(work(box.converge().stdout)), "the next run goes on"
    assert work(box.converge().stdout) == {}


@once_at_all
def test_HOST_09_a_host_that_forgot_whose_it_is(box: Host) -> None:
    """Nothing is changed, or called somebody else's that is to be removed, until somebody says so;
    one run makes it whole then."""
    box.ssh(f"mv {STATE} /root/known")
    try:
        drift, run = readyhost(box, "drift"), box.pyinfra("-y", check=False)
        for code, said in ((drift.returncode, drift.stderr), (run.returncode, run.stdout)):
            assert code == 1
            assert f"{STATE}, where it keeps whose it is, is gone" in said
            assert "--data base.take_over=forgotten" in said
            assert "pg_dropcluster" not in said
            assert "Starting operation" not in said
        box.converge(READYHOST_BASE__TAKE_OVER="forgotten")
        assert box.https("/health").status_code == 200
        assert readyhost(box, "drift").returncode == 0
    finally:
        box.ssh(f"rm -rf {STATE}; mv /root/known {STATE}")


@once_at_all
def test_HOST_09_a_run_puts_no_empty_database_in_the_place_of_a_full_one(box: Host) -> None:
    """Gone, or there and empty: nothing is changed, and the way back is named."""

    def refused(what: str) -> None:
        run = box.pyinfra("-y", check=False)
        assert run.returncode == 1
        assert f"database app {what}" in run.stdout
        assert "restore.py --data restore.to=" in run.stdout
        assert "Starting operation" not in run.stdout

    away = (
        "ALTER DATABASE app ALLOW_CONNECTIONS false;"
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'app';"
    )
    superuser(box, f"{away} ALTER DATABASE app RENAME TO app_away")
    try:
        refused("is gone")
        superuser(box, "CREATE DATABASE app TEMPLATE template0")
        refused("has no table any more")
    finally:
        superuser(box, f"{away} DROP DATABASE IF EXISTS app")
        superuser(box, "ALTER DATABASE app_away RENAME TO app")
        superuser(box, "ALTER DATABASE app ALLOW_CONNECTIONS true")
    assert changes(box.converge().stdout) == {}


@once_at_all
def test_HOST_09_a_port_that_another_program_has_is_refused(box: Host) -> None:
    """Also on a host that is readyhost's already: it would be left without its cache half-way."""
    box.ssh("systemd-run --quiet --unit=other python3 -m http.server --bind 127.0.0.1 7777")
    box.ssh("until ss -Hltn | grep -q :7777; do sleep 0.1; done")
    for key in ("REDIS", "PGBOUNCER", "POSTGRES"):
        run = box.pyinfra("-y", check=False, values={f"READYHOST_{key}__PORT": "7777"})
        assert run.returncode == 1
        assert f"port 7777 ({key.lower()}.port) is held by python3: stop it" in run.stdout
        assert "Starting operation" not in run.stdout
    box.ssh("systemctl stop other")
