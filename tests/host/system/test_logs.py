"""Logs: every line arrives, none is lost, and they do not fill the disk."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.host.application import NAME as APP
from tests.host.conftest import Host
from tests.host.stages import once_at_all

LINES = 100_000
ALL = f"{{ zcat -f /var/log/{APP}/rotation.log* 2>/dev/null || true; }}"


def emit(box: Host, command: str, unit: str = f"{APP}-rotation", wait: bool = False) -> None:
    """Run `command` as a unit of the application, which logs as its processes do."""
    box.ssh(
        f"systemd-run --collect --quiet {'--wait' if wait else ''} --unit={unit}"
        f" --property=SyslogIdentifier={unit} sh -c '{command}'"
    )


def test_LOG_01_each_process_has_a_file_of_its_own(box: Host) -> None:
    emit(box, "echo one line", wait=True)
    box.ssh(f"for i in $(seq 50); do {ALL} | grep -q 'one line' && break; sleep 0.1; done")
    assert box.ssh(f"{ALL} | grep -c 'one line'") != "0"
    assert int(box.ssh(f"wc -l < /var/log/{APP}/web.log")) > 0
    assert box.run(f"grep -c 'one line' /var/log/{APP}/web.log").stdout.strip() == "0"
    box.ssh(f"rm -f /var/log/{APP}/rotation.log*; systemctl kill -s HUP rsyslog")


def test_LOG_01_nobody_else_reads_or_writes_them(box: Host) -> None:
    assert box.run(f"runuser -u nobody -- cat /var/log/{APP}/web.log").returncode != 0
    box.ssh(f"runuser -u nobody -- logger -t {APP}-forged a line of somebody else")
    box.ssh(f"runuser -u nobody -- logger -t {APP}-../../etc/forged another")
    emit(box, "echo after", wait=True)
    box.ssh(f"for i in $(seq 50); do {ALL} | grep -q after && break; sleep 0.1; done")
    assert box.run(f"ls /var/log/{APP} | grep forged").stdout == ""
    assert box.run("ls /etc /var/log | grep forged").stdout == ""
    box.ssh(f"rm -f /var/log/{APP}/rotation.log*; systemctl kill -s HUP rsyslog")


@once_at_all
def test_LOG_01_forced_rotation_loses_no_line_under_load(box: Host) -> None:
    emit(box, f'seq -f "line %.0f of a line that is as long as such lines are" {LINES}')
    for _ in range(3):
        box.ssh(f"sleep 0.3; logrotate --force /etc/logrotate.d/{APP}")
    # Nor does it when what writes the files is restarted, or dies.
    box.ssh("systemctl restart rsyslog; sleep 0.5; systemctl kill -s KILL rsyslog")
    box.ssh(f"sleep 0.5; logrotate --force /etc/logrotate.d/{APP}")
    count = f"{ALL} | sed -n 's/.*: line \\([0-9]*\\) of.*/\\1/p' | sort -n | uniq | wc -l"
    there = f"{ALL} | grep -c ': line '"
    for enough in (there, count):  # the cheap one first
        box.run(f"for i in $(seq 60); do [ $({enough}) -ge {LINES} ] && break; sleep 0.5; done")
    assert int(box.ssh(count)) == LINES
    written = int(box.ssh(there))
    assert written <= LINES + 400, "what a killed rsyslog writes twice is bounded"
    box.ssh(f"rm -f /var/log/{APP}/rotation.log*; systemctl kill -s HUP rsyslog")


@once_at_all
def test_LOG_01_a_long_line_arrives_whole(box: Host) -> None:
    emit(box, "head -c 40000 /dev/zero | tr \\\\0 x; echo", wait=True)
    longest = (
        f"{ALL} | awk '{{ n = gsub(/x/, \"\"); if (n > most) most = n }} END {{ print most }}'"
    )
    box.run(f"for i in $(seq 50); do [ $({longest}) -ge 40000 ] && break; sleep 0.1; done")
    assert int(box.ssh(longest)) == 40_000
    box.ssh(f"rm -f /var/log/{APP}/rotation.log*; systemctl kill -s HUP rsyslog")


@pytest.fixture(scope="module")
def small(box: Host) -> Iterator[None]:
    """Logs of which little is kept, by one run. The settings are put back afterwards."""
    box.converge(READYHOST_LOGS__KEEP="2", READYHOST_LOGS__JOURNAL_MB="64")
    yield
    box.converge()


@once_at_all
def test_LOG_01_a_log_that_grows_fast_does_not_wait_for_the_night(box: Host) -> None:
    calendar = box.ssh("systemctl show -p TimersCalendar --value logrotate.timer")
    assert "OnCalendar=*-*-* *:00:00" in calendar
    assert "OnCalendar=*-*-* 00:00:00" not in calendar
    assert box.ssh("systemctl is-active logrotate.timer") == "active"
    log = f"/var/log/{APP}/grown.log"
    box.ssh(f"logrotate /etc/logrotate.conf; truncate -s 101M {log}; systemctl start logrotate")
    assert int(box.ssh(f"stat -c %s {log}.1")) == 101 * 2**20
    box.ssh(f"rm -f {log}*")


@once_at_all
def test_LOG_01_rotation_of_nginx_loses_no_request(box: Host) -> None:
    stop = threading.Event()
    asked = 0

    def ask() -> None:
        nonlocal asked
        with box.client() as client:
            while not stop.is_set():
                client.get(f"/rotation-{asked}-", extensions={"sni_hostname": "shop.example"})
                asked += 1

    asking = threading.Thread(target=ask)
    asking.start()
    for _ in range(4):
        box.ssh("sleep 0.4; logrotate --force /etc/logrotate.d/nginx")
    stop.set()
    asking.join()
    count = "zcat -f /var/log/nginx/access.log* | grep -o 'rotation-[0-9]*-' | sort | uniq | wc -l"
    box.run(f"for i in $(seq 20); do [ $({count}) -ge {asked} ] && break; sleep 1; done")
    assert asked > 50
    assert int(box.ssh(count)) == asked
    owner = box.ssh("stat -c '%U:%G %a' /var/log/nginx/access.log")
    assert owner == "www-data:adm 640"


@once_at_all
def test_LOG_01_rotated_files_are_compressed_and_counted(box: Host, small: None) -> None:
    try:
        for i in range(6):
            emit(box, f"echo turn {i}", wait=True)
            box.ssh(
                f"for i in $(seq 50); do grep -qs 'turn {i}' /var/log/{APP}/rotation.log && break;"
                f" sleep 0.1; done; logrotate --force /etc/logrotate.d/{APP}"
            )
        names = box.ssh(f"cd /var/log/{APP}; ls rotation.log*").split()
        assert names == ["rotation.log", "rotation.log.1", "rotation.log.2.gz"]
    finally:
        box.ssh(f"rm -f /var/log/{APP}/rotation.log*; systemctl kill -s HUP rsyslog")


@once_at_all
def test_LOG_01_the_journal_is_bounded_and_survives(box: Host, small: None) -> None:
    assert box.run("ls /var/log/journal/*/system.journal").returncode == 0
    try:
        box.ssh(
            # lines that the journal does not compress
            "head -c 90000000 /dev/urandom | base64 -w 500 | systemd-cat -t noise",
            timeout=240,
        )
        # All of it is in a file then, and what came to be too much is deleted.
        box.ssh("journalctl --sync")
        # journald deletes whole archived files; those that are written to come on top of them.
        archived = int(box.ssh("du -cm /var/log/journal/*/*@* | tail -1 | cut -f1"))
        used = int(box.ssh("du -sm /var/log/journal | cut -f1"))
        assert archived <= 64 + 8, f"{archived} MiB in archived files"
        assert used <= 1.5 * 64, f"{used} MiB"
    finally:
        box.ssh("logrotate --force /etc/logrotate.d/rsyslog; rm -f /var/log/syslog.*")
