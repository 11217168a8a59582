"""The cache, spoken to as the application speaks to it, and as somebody who should not."""

from __future__ import annotations

import shlex
import socket
from urllib.parse import unquote, urlsplit

import pytest

from tests.host.conftest import Host
from tests.host.stages import once_at_all

from .cache import as_application, as_operator, environment, main_process, say, until_it_answers


@pytest.mark.parametrize("command", ["PING", "INFO", "GET a", "CONFIG GET maxmemory", "ACL LIST"])
def test_CACHE_01_who_does_not_say_who_they_are_is_refused(box: Host, command: str) -> None:
    assert say(box, command) == ["NOAUTH Authentication required."]


@pytest.mark.parametrize("login", ["AUTH secret", "AUTH default secret", "AUTH app secret"])
def test_CACHE_01_a_wrong_password_is_refused(box: Host, login: str) -> None:
    assert say(box, login)[0].startswith("WRONGPASS")


TAKES_THE_PORT = """
import socket, sys
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", 6379))
server.listen()
while True:
    client = server.accept()[0]
    client.settimeout(0.5)
    try:
        sys.stdout.write(client.recv(4096).decode(errors="replace"))
        sys.stdout.flush()
        client.sendall(b"+PONG\\r\\n")
    except OSError:
        pass
    client.close()
"""


@once_at_all
def test_CACHE_01_who_takes_its_port_is_not_told_the_operators_password(box: Host) -> None:
    taken = "/run/attack-port"
    as_him = f"--uid=app -p StandardOutput=file:{taken} -p Restart=always --unit=attack-port"
    # The firewall has nobody hear him (SEC-01): as if it were not there.
    heard_all_the_same = "OUTPUT -o lo -p tcp --sport 6379 -j ACCEPT"
    try:
        box.ssh(
            f"systemctl stop redis-server; iptables -I {heard_all_the_same};"
            f" systemd-run -q {as_him} python3 -uc {shlex.quote(TAKES_THE_PORT)}; sleep 1;"
            f" redis-cli PING; grep -q PING {taken}"
        )
        box.pyinfra("--dry", check=False)  # it asks Redis how it is
        password = box.ssh("sed 's/AUTH operator //' /etc/redis/operator")
        heard = box.ssh(f"cat {taken}")
    finally:
        box.ssh(
            f"iptables -D {heard_all_the_same}; systemctl stop attack-port; rm {taken};"
            " systemctl start redis-server"
        )
        until_it_answers(box)
    assert password not in heard


def test_CACHE_01_it_is_not_there_from_outside(box: Host) -> None:
    with pytest.raises(OSError), socket.create_connection((box.ip, 6379), timeout=1):
        pass
    listening = box.ssh("ss -Hltn 'sport = :6379' | awk '{print $4}'")
    assert listening == "127.0.0.1:6379"


@pytest.mark.parametrize(
    "command",
    [
        "FLUSHALL", "FLUSHDB", "KEYS *", "CONFIG SET maxmemory 0", "CONFIG GET *", "SHUTDOWN",
        "DEBUG SEGFAULT", "REPLICAOF 192.0.2.1 6379", "ACL LIST", "SAVE",
        "CLIENT KILL TYPE normal", "MODULE LIST",
    ],
)  # fmt: skip
def test_CACHE_01_the_application_may_not_harm_it(box: Host, command: str) -> None:
    # Redis 7 has DEBUG shut for everybody, and says so first.
    assert as_application(box, command)[0].startswith(("NOPERM", "ERR DEBUG command not allowed"))
    until_it_answers(box)


def test_CACHE_01_a_client_that_knows_only_the_password_gets_what_the_application_gets(
    box: Host,
) -> None:
    password = unquote(urlsplit(environment(box)["REDIS_URL"]).password or "")
    login = f'AUTH "{password}"'
    assert say(box, "PING", "SET test:a 1 EX 1", login=login) == ["PONG", "OK"]
    for command in ("KEYS *", "CONFIG GET *", "ACL LIST"):
        assert say(box, command, login=login)[0].startswith("NOPERM")


def test_CACHE_01_the_application_may_do_all_it_needs(box: Host) -> None:
    assert as_application(
        box,
        "SET test:a 1 EX 60",
        "INCR test:a",
        "EVAL \"return redis.call('GET', KEYS[1])\" 1 test:a",
        "CLIENT SETNAME test",
        "PUBLISH test:channel hello",
        "XADD test:stream * field value",
        "DEL test:a test:stream",
    )[:5] == ["OK", "2", "2", "OK", "0"]
    assert any(line.startswith("redis_version:") for line in as_application(box, "INFO server"))


def test_CACHE_01_no_password_lies_where_others_read_it(box: Host) -> None:
    password = unquote(urlsplit(environment(box)["REDIS_URL"]).password or "")
    assert box.run("grep -rFl -f - /etc/redis", stdin=f"{password}\n").stdout == ""
    for path in ("/etc/redis/operator", "/etc/redis/users.acl", "/etc/redis/redis.conf"):
        assert box.run(f"runuser -u nobody -- cat {path}").returncode != 0, path


def test_CACHE_01_it_may_have_as_many_clients_as_it_says(box: Host) -> None:
    clients = int(as_operator(box, "CONFIG GET maxclients")[1])
    pid = main_process(box)
    files = int(box.ssh(f"awk '/^Max open files/ {{print $4}}' /proc/{pid}/limits"))
    assert files >= clients + 32
    assert clients >= 1000


def test_CACHE_03_address_and_lifetime_reach_the_application(box: Host) -> None:
    found = environment(box)
    parts = urlsplit(found["REDIS_URL"])
    assert (parts.scheme, parts.hostname, parts.port) == ("redis", "127.0.0.1", 6379)
    assert found["CACHE_TTL"] == "300"


# A client that knows a password and no name: each example's own library, given such an address.
ONLY_PASSWORD = {
    "fastapi": "import redis, sys; print(redis.from_url(sys.stdin.readline().strip()).ping())",
    "express": """
import { createClient } from "@redis/client";
import { readFileSync } from "node:fs";
const client = createClient({ url: readFileSync(0, "utf8").trim() });
await client.connect();
console.log((await client.ping()) === "PONG" && "True");
await client.close();
""",
}
INTERPRETER = {"fastapi": ".venv/bin/python -c", "express": "node --input-type=module -e"}


def test_APP_12_a_client_that_knows_only_the_password_gets_in(box: Host) -> None:
    seen = environment(box)
    parts = urlsplit(seen["REDIS_URL"])
    password = unquote(parts.password or "")
    assert say(box, "PING", login=f'AUTH "{password}"') == ["PONG"]
    # By standard input: sudo writes every command down, and /proc shows it to everybody.
    told = "IFS= read -r REDISCLI_AUTH && export REDISCLI_AUTH && redis-cli -h 127.0.0.1 PING"
    assert box.ssh(told, stdin=f"{password}\n") == "PONG"
    run = f"{INTERPRETER[box.example]} {shlex.quote(ONLY_PASSWORD[box.example])}"
    url = f"redis://:{parts.password}@{parts.hostname}:{parts.port}/0"
    path = shlex.quote(seen["PATH"])
    assert box.ssh(f"cd /srv/app/current && PATH={path} {run}", stdin=f"{url}\n") == "True"
    assert say(box, "CONFIG GET maxmemory", login=f'AUTH "{password}"')[0].startswith("NOPERM")
