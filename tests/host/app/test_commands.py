"""Commands in the application's place, from the operator's machine: attacked from within, and what
becomes of them at their limits and when the connection goes."""

from __future__ import annotations

import json
import os
import re
import secrets
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.host.application import NAME, live, units
from tests.host.conftest import CLEANUP, Host
from tests.host.stages import once_at_all
from tests.support.readyhost import begun, readyhost
from vagrant.driver import Completed

pytestmark = [once_at_all, pytest.mark.timeout(600)]

WORD = f"geheim-{secrets.token_hex(4)}"
RECORD = f"/srv/{NAME}/commands.jsonl"


def run(box: Host, *command: str, stdin: str = "") -> Completed:
    return readyhost(box, "run", "--", *command, stdin=stdin)


def running(box: Host) -> list[str]:
    listed = box.ssh(f"systemctl list-units --plain --no-legend '{NAME}-run-*.service'")
    return [line.split()[0] for line in listed.splitlines()]


def recorded(box: Host) -> list[dict[str, Any]]:
    return [json.loads(line) for line in box.ssh(f"cat {RECORD}").splitlines()]


def properties(box: Host, unit: str, names: set[str]) -> dict[str, list[str]]:
    """Properties as systemd has them, whatever the order of a list."""
    shown = box.ssh(f"systemctl show -p {','.join(names)} '{unit}'")
    rows = (line.partition("=")[::2] for line in shown.splitlines())
    return {name: sorted(value.split()) for name, value in rows}


def until(true: Callable[[], object], what: str, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.3)


@contextmanager
def limited(box: Host, line: str, value: str) -> Iterator[None]:
    """Commands with another limit, as the setting would have it without a release."""
    unit = f"/etc/systemd/system/{NAME}-run-{live(box)}.service"
    before = box.ssh(f"grep '^{line}=' {unit}")
    box.ssh(f"sed -i 's/^{line}=.*/{line}={value}/' {unit}")
    try:
        yield
    finally:
        box.ssh(f"sed -i 's/^{line}=.*/{before}/' {unit}")


def test_REL_08_without_a_terminal_bytes_and_words_arrive_as_they_are(box: Host) -> None:
    words = ["a b", "$HOME", "${X}", "%i", "`id`", "it's", "", "\\n", "new\nline", "ü"]
    done = run(box, "python3", "-c", "import sys; print(sys.argv[1:], sys.stdin.read())", *words,
               stdin="from a file")  # fmt: skip
    assert (done.returncode, done.stdout) == (0, f"{words} from a file\n")
    # its own, with its database
    assert run(box, *CLEANUP[box.example].split()).returncode == 0
    assert run(box, "no-such-program").returncode == 127


def test_REL_08_a_command_is_in_the_sandbox_and_shows_no_secret(box: Host) -> None:
    going = begun(box, "run", "--", "sh", "-c", "sleep 1000; :", "x", "--password", WORD)
    try:
        until(lambda: running(box) and box.run("pgrep -x sleep").returncode == 0, "not started")
        (unit,) = running(box)
        text = box.ssh(f"cat /etc/systemd/system/{NAME}-run-{live(box)}.service")
        closed = text.partition("# A process that is taken over")[2]
        names = set(re.findall(r"^(\w+)=", closed, re.MULTILINE)) - {"ReadWritePaths"}
        assert len(names) > 20
        names |= {"User", "Group", "LimitNOFILE", "LimitCORE", "TasksMax", "MemorySwapMax"}
        assert properties(box, unit, names) == properties(box, units(box, "web")[0], names)
        listed = box.ssh("ps axww -o args")
        known = re.findall(r"[0-9a-f]{32,}", box.ssh(f"cat /etc/{NAME}/{live(box)}/*env"))
        assert len(set(known)) >= 3
        assert not [secret for secret in known if secret in listed]
    finally:
        going.kill()
        going.wait()
    until(lambda: not running(box), "a lost connection left it running", seconds=15)
    begin, end = recorded(box)[-2:]
    assert begin["command"] == ["sh", "-c", "sleep 1000; :", "x", "--password", "***"]
    assert (begin["release"], begin["account"]) == ("v1.0.0", "vagrant")
    assert "@" in begin["who"]
    assert end["outcome"] == "ended: its connection was lost"
    assert box.ssh(f"stat -c '%a %U' {RECORD}") == "600 root"
    # What was typed is in no log, sudo's and the audit's included.
    assert (
        box.run(
            "exec 3<&0; journalctl -q --since -10min </dev/null | grep -F -f /dev/fd/3", WORD
        ).stdout
        == ""
    )
    places = f"/var/log /srv/{NAME}/commands.jsonl /run/readyhost /tmp"
    assert box.run(f"grep -rlF -f - {places}", WORD).stdout == ""


def test_REL_08_the_record_is_kept_by_the_month(box: Host) -> None:
    run(box, "true")
    before = box.ssh(f"cat {RECORD}")
    box.ssh(f"logrotate -f /etc/logrotate.d/{NAME}-commands")
    assert box.ssh(f"zcat {RECORD}.1.gz") == before
    assert box.ssh(f"stat -c '%a %U' {RECORD} {RECORD}.1.gz") == "600 root\n600 root"
    run(box, "true")
    assert len(recorded(box)) == 2


def test_REL_08_a_command_reaches_nothing_else(box: Host) -> None:
    box.ssh("umask 022; echo seen >/tmp/everybody")
    attack = f"""
    grep -E '^(Seccomp|NoNewPrivs|CapEff|CapBnd):' /proc/self/status | tr '\\t' ' '
    for path in /etc /srv/{NAME}/current /usr/local/sbin /var/log /root; do
      touch $path/planted 2>/dev/null && echo written $path
    done
    for path in /etc/{NAME}/{live(box)}/env /etc/{NAME}/{live(box)}/operator-env /etc/shadow \\
        /var/log/nginx/access.log /home/vagrant/.ssh/authorized_keys /tmp/everybody; do
      cat $path 2>/dev/null && echo read $path
    done
    unshare -Ur true 2>/dev/null && echo namespace
    sudo -n true 2>/dev/null && echo root
    test -z "$(stat -c %U /proc/[0-9]* | grep -vx {NAME})" || echo others
    touch $UPLOADS_DIR/mine && rm $UPLOADS_DIR/mine && echo uploads
    """
    done = run(box, "sh", "-c", attack)
    box.ssh("rm /tmp/everybody")
    assert "Seccomp: 2" in done.stdout
    assert "NoNewPrivs: 1" in done.stdout
    assert "CapBnd: 0000000000000000" in done.stdout
    assert [line for line in done.stdout.splitlines() if ":" not in line] == ["uploads"]


def test_REL_08_time_and_memory_are_bounded_and_named(box: Host) -> None:
    with limited(box, "RuntimeMaxSec", "2"):
        late = run(box, "sleep", "1000")
    assert late.returncode == 124
    assert "timeout: it was ended after 2 s (app.run.timeout_seconds)" in late.stderr
    with limited(box, "MemoryMax", "64M"):
        fat = run(box, "python3", "-c", "x = bytearray(500_000_000)")
    assert fat.returncode == 137
    assert "out of memory" in fat.stderr
    assert "its ceiling of 64MiB (app.run.memory_max_mb)" in fat.stderr
    assert running(box) == []


def test_REL_08_database_and_cache_as_the_application(box: Host) -> None:
    asked = "select current_user, current_setting('statement_timeout')"
    done = readyhost(box, "psql", "--", "-XAtc", asked)
    assert (done.returncode, done.stdout) == (0, "app|1min\n"), done.stderr
    refused = readyhost(box, "psql", "--read-only", "--", "-Xc", "create table planted (a int)")
    assert refused.returncode == 1
    assert "read-only transaction" in refused.stderr
    assert readyhost(box, "redis-cli", "--", "ping").stdout == "PONG\n"
    assert "NOPERM" in readyhost(box, "redis-cli", "--", "config", "get", "dir").stdout
    assert recorded(box)[-2]["command"] == ["config", "get", "dir"]


def test_REL_08_one_request_is_found_through_nginx_and_application(box: Host) -> None:
    answer = box.https("/health")
    number = answer.headers["X-Request-ID"]
    box.https("/health")
    time.sleep(1.5)  # Nginx keeps its lines for a second
    found = readyhost(box, "logs", "--request", number).stdout.splitlines()
    assert sorted(line.split()[1].partition("@")[0] for line in found) == ["app-web", "nginx"]
    assert all(number in line for line in found)
    assert found == sorted(found)


def test_REL_08_logs_are_followed_until_nobody_reads_them(box: Host) -> None:
    following = begun(box, "logs", "-f", "--grep", "/followed")
    try:
        seen: set[str] = set()
        assert following.stdout
        end = time.monotonic() + 40
        while seen != {f"{NAME}-web", "nginx"}:
            assert time.monotonic() < end, f"only {seen} is followed"
            box.https("/followed")
            while select.select([following.stdout], [], [], 1)[0]:
                line = os.read(following.stdout.fileno(), 65536).decode()
                seen |= {each.split()[1].partition("@")[0] for each in line.splitlines()}
                assert all("/followed" in each for each in line.splitlines())
    finally:
        following.kill()
        following.wait()
    until(lambda: box.run("pgrep -x tail").returncode != 0, "it goes on", seconds=10)


def test_REL_08_status_is_one_screen(box: Host) -> None:
    screen = readyhost(box, "status")
    assert screen.returncode == 0, screen.stderr
    assert len(screen.stdout.splitlines()) <= 40
    shown = rf"^{NAME}-web@1 +active .* of \d+ MiB +answers$"
    assert re.search(shown, screen.stdout, re.MULTILINE), screen.stdout
    assert re.search(r"^v1\.0\.0 .* live ", screen.stdout, re.MULTILINE)
    assert "postgresql@" in screen.stdout
    job = f"{NAME}-cleanup-{live(box)}.service"
    minutes = box.ssh(f"date '+%F %H:%M'; systemctl start {job}; date '+%F %H:%M'").splitlines()
    shown = rf"^{NAME}-cleanup +\w+ ({'|'.join(minutes)}):"
    assert re.search(shown, readyhost(box, "status").stdout, re.MULTILINE)
    assert re.search(r"^backups? +(database: last good|none yet)", screen.stdout, re.MULTILINE)
