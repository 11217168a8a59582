"""Logs elsewhere: no line is lost on the way, no stranger gets one, and no secret leaves."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.host.application import NAME as APP
from tests.host.conftest import Host
from tests.host.stages import once_at_all
from tests.support.log_server import FOLDER, LogServer
from vagrant.running import work

READER = "host-forward"
TOKEN = secrets.token_hex(6)
"""Of this run: what an earlier one sent is not counted."""
SECRET = f"{secrets.token_hex(8)}\"\\$%/+&{{}}#'x"
GOT = f"{FOLDER}/got"
LOG = f"/var/log/{APP}/forwarded.log"


def say(box: Host, lines: str) -> None:
    """Have a process of the application print `lines`, which no command line has."""
    box.ssh(
        f"cat >/run/said; systemd-run --collect -q --wait --unit={APP}-forwarded"
        f" --property=SyslogIdentifier={APP}-forwarded cat /run/said; rm /run/said",
        lines,
    )


def count(box: Host, word: str, first: int, last: int) -> None:
    numbers = (f"{word}-{number}. of a line as long as lines are" for number in range(first, last))
    say(box, "\n".join(numbers) + "\n")


def stopped(box: Host, signal: str = "KILL") -> None:
    box.ssh(f"systemctl kill -s {signal} {READER}")


@pytest.fixture(scope="module")
def sending(box: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Settings of a host that sends its lines to a server on itself. Afterwards it sends none, and
    what the tests printed is nowhere: others look for secrets."""
    server = LogServer.made(box, tmp_path_factory.mktemp("log-server"))
    values = {
        "READYHOST_LOGS__FORWARD": server.setting,
        "READYHOST_BACKUP__OFFSITE__SECRET": SECRET,
    }
    try:
        box.converge(**values)
        server.start()
        yield values
    finally:
        box.converge()
        left = box.run(f"systemctl is-active {READER} host-tunnel host-tunnel.socket").stdout
        found = box.run("ls /etc/rsyslog.d/forward/* /var/spool/rsyslog/forward*").stdout
        server.remove()
        box.ssh(f"rm -f {LOG}; systemctl kill -s HUP rsyslog; journalctl --sync")
        box.ssh("journalctl -q --rotate; journalctl -q --vacuum-time=1s")
        assert "active" not in left.split(), left
        assert found == ""


@pytest.fixture
def server(box: Host, sending: dict[str, str]) -> LogServer:
    """The server, that runs."""
    folder = Path(json.loads(sending["READYHOST_LOGS__FORWARD"])["ca_file"]).parent
    return LogServer(box, folder)


@once_at_all
def test_LOG_03_no_line_is_lost_whoever_is_away(box: Host, server: LogServer) -> None:
    word = f"all{TOKEN}"
    count(box, word, 0, 1000)
    assert len(server.tokens(word, 1000)) == 1000, "once each, as nothing has failed"
    # Away, and nobody here waits for it; who reads is killed, the journal goes on to another file.
    server.stop()
    count(box, word, 1000, 2000)
    box.ssh(
        f"for i in $(seq 100); do [ $(grep -c {word} {LOG}) -ge 2000 ] && exit; sleep 0.1; done;"
        " exit 1"
    )
    stopped(box)
    box.ssh("systemctl kill -s KILL rsyslog; journalctl --rotate")
    count(box, word, 2000, 3000)
    # Back, and away again; a line that it did not answer is not taken for sent.
    server.start()
    server.tokens(word, 2000)
    server.stop("KILL")
    server.start()
    count(box, word, 3000, 3100)
    assert len(set(server.tokens(word, 3100))) == 3100
    # It stands still with lines in its hands, and is gone; who sent them, and noted them, is too.
    server.stop("STOP")
    count(box, word, 3100, 4000)
    box.ssh("sleep 2")
    stopped(box)
    server.stop("KILL")
    server.start()
    assert len(set(server.tokens(word, 4000))) == 4000
    # In the middle of it, and as it is restarted by hand.
    count(box, word, 4000, 5000)
    stopped(box)
    box.ssh(f"sleep 1.5; systemctl restart {READER}")
    seen = server.tokens(word, 5000)
    assert set(seen) == {f"{word}-{number}." for number in range(5000)}
    # Once more at each of five ends: a window and what the place may be behind by.
    assert len(seen) <= 5000 + 5 * (256 + 100), "what is sent twice is bounded"


@once_at_all
@pytest.mark.parametrize("certificate", ["other-name", "other-authority"])
def test_LOG_03_a_stranger_gets_nothing(box: Host, server: LogServer, certificate: str) -> None:
    word = f"{certificate}{TOKEN}"
    server.stop()
    server.start(certificate)
    try:
        count(box, word, 0, 20)
        box.ssh(
            "for i in $(seq 100); do journalctl -q -u host-tunnel --since -10s"
            f" | grep -qE 'certificate verify failed|CERT: ' && exit; grep -q {word} {GOT} && exit;"
            " sleep 0.1; done; exit 1"
        )
        assert server.got(word) == []
    finally:
        server.stop()
        server.start()
    # A certificate that is mended is enough: nothing was taken for sent meanwhile.
    assert len(set(server.tokens(word, 20))) == 20


@once_at_all
def test_LOG_03_no_secret_leaves(box: Host, server: LogServer) -> None:
    word = f"masked{TOKEN}"
    spelled = (SECRET, quote(SECRET, safe=""), json.dumps(SECRET)[1:-1], repr(SECRET)[1:-1])
    say(box, "".join(f"{word} {n} <{each}>\n" for n, each in enumerate(spelled)))
    count(box, word, 0, 1)
    server.tokens(word, 1)
    got = [line.partition(word)[2] for line in server.got(f"{word} ")]
    assert got == [f" {n} <***>" for n in range(len(spelled))]
    assert not [line for line in server.got(".") if SECRET[:16] in line]
    readable = "find /etc /opt /run /tmp /var -xdev -type f -perm /o+r"
    shown = box.ssh(
        f"umask 077; cat >/root/word; {readable} -exec grep -lF -f /root/word {{}} + || :;"
        " rm /root/word",
        SECRET[:16],
    )
    assert shown == ""


@once_at_all
def test_LOG_03_a_line_says_whose_it_is(box: Host, server: LogServer) -> None:
    word = f"fields{TOKEN}"
    say(box, json.dumps({"message": word, "request_id": "0123456789abcdef"}) + "\n")
    # With blanks its name would be the number, the fields and the text, too.
    box.ssh(f"runuser -u nobody -- systemd-cat -t '{APP}-web 1 - -' echo {word}; journalctl --sync")
    count(box, word, 0, 1)
    server.tokens(word, 1)
    own, other = sorted(server.got(f"{word}[^-]*$"), key=lambda line: "request_id=" not in line)
    name = re.escape(box.ssh("hostname"))
    fields = rf'application="{APP}" process="forwarded" request_id="0123456789abcdef"'
    assert re.match(rf"<\d+>1 \S+ {name} {APP}-forwarded \d+ - \[readyhost@32473 {fields}\] ", own)
    assert re.match(rf"<\d+>1 \S+ {name} {APP}-web_1_-_- \d+ - \[readyhost@32473\] ", other)


@once_at_all
def test_LOG_03_nobody_writes_in_the_hosts_name(box: Host, server: LogServer) -> None:
    """The door of the tunnel is where the reader is alone; the reader reaches nothing else."""
    assert box.run("bash -c '</dev/tcp/127.0.0.1/2514'").returncode != 0
    inside = f"nsenter -n -t $(systemctl show -p MainPID --value {READER})"
    assert box.run(f"{inside} bash -c '</dev/tcp/127.0.0.1/2514'").returncode == 0
    links = box.ssh(f"{inside} ip -o link")
    assert re.findall(r"^\d+: (\S+):", links, re.MULTILINE) == ["lo"]
    assert box.ssh("stat -c '%U %a' /etc/rsyslog.d/forward/rsyslog.conf") == "root 600"


@once_at_all
def test_LOG_03_a_second_run_changes_nothing(box: Host, sending: dict[str, str]) -> None:
    assert work(box.converge(**sending).stdout) == {}
