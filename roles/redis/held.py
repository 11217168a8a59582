"""What a host has of its own: the operator's password, and the users that Redis knows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from roles.core.machine import Machine

OPERATOR = "/etc/redis/operator"
USERS = "/etc/redis/users.acl"
SOCKET = "/run/redis/redis-server.sock"
"""Where root reaches Redis. Not by its port: who runs as the application could take that during a
restart, and would be told the operator's password."""

# A password in a file that others could read is replaced.
ASK = rf"""
if [ "$(stat -c '%u:%g %a %F' {OPERATOR} 2>/dev/null)" = '0:0 600 regular file' ]; then
  said=$(sed -n 's/^AUTH operator \([0-9a-f]\{{64\}}\)$/\1/p' {OPERATOR})
  [ "$said" ] && echo "told redis-operator $(sha256sum <{OPERATOR} | cut -c -64)" \
    "$(printf %s "$said" | sha256sum | cut -c -64)"
fi
sed -n 's/^user /told redis-user /p' {USERS} 2>/dev/null
"""


_OURS = re.compile(r"on|sanitize-payload|#[0-9a-f]{64}|[~&%][^()]*|[+-][a-z0-9@|_-]+")
"""The words of a line that readyhost writes. What a hand wrote otherwise may mean something else
where it stands alone, or not be taken at a start."""


@dataclass(frozen=True)
class Held:
    """What the answers to ASK say.

    + checksum, operator: of the operator's file, and the fingerprint of its password; both empty
      where there is none
    + users: fingerprints of passwords, by user that readyhost wrote and that may log in
    + rights: ACL rules by user: keys, channels, commands
    """

    checksum: str
    operator: str
    users: dict[str, list[str]]
    rights: dict[str, str]


def held(machine: Machine) -> Held:
    """What the host told of it."""
    checksum, operator = (machine.tells("redis-operator") or [["", ""]])[-1]
    said = {
        name: words
        for name, *words in filter(None, machine.tells("redis-user"))
        if words[:1] == ["on"] and all(map(_OURS.fullmatch, words))
    }
    users = {name: [word[1:] for word in words if word[0] == "#"] for name, words in said.items()}
    rights = {
        name: " ".join(word for word in words if word[0] in "~&%+-") for name, words in said.items()
    }
    return Held(checksum, operator, users, rights)
