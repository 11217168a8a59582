"""A box's cache as the application, its operator, and somebody without a name speak to it."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from tests.host.application import environ, units
from tests.host.conftest import Host


def environment(box: Host) -> dict[str, str]:
    """The environment of a web process of the application, from the process itself."""
    return environ(box, units(box, "web")[0])


def say(box: Host, *commands: str, login: str = "") -> list[str]:
    """Redis' answers to `commands`, after `login`."""
    lines = "\n".join([login, *commands] if login else commands)
    output = box.run("redis-cli -h 127.0.0.1 -p 6379", stdin=f"{lines}\n").stdout.splitlines()
    if login:
        assert output.pop(0) == "OK", login.split()[1]
    return [line for line in output if line]


def as_application(box: Host, *commands: str) -> list[str]:
    parts = urlsplit(environment(box)["REDIS_URL"])
    password = unquote(parts.password or "")
    return say(box, *commands, login=f'AUTH {parts.username} "{password}"')


def as_operator(box: Host, *commands: str) -> list[str]:
    return say(box, *commands, login=box.ssh("cat /etc/redis/operator"))


def main_process(box: Host) -> str:
    return box.ssh("systemctl show -p MainPID --value redis-server")


def until_it_answers(box: Host) -> None:
    box.ssh(
        "for i in $(seq 100); do"
        " { cat /etc/redis/operator; echo PING; } | redis-cli | grep -qx PONG && exit 0;"
        " sleep 0.1; done; exit 1"
    )
