"""The machine that a host is: everything that is computed from it is computed from this."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import SecretStr

from . import foreign
from .errors import OperatorError
from .survey import at_once


class Versions(NamedTuple):
    """What the distribution ships, known before anything is installed."""

    postgresql: str
    nginx: tuple[int, int]
    redis: tuple[int, int]
    python: tuple[int, int]
    systemd: int


SUPPORTED = {
    "bookworm": Versions("15", (1, 22), (7, 0), (3, 11), 252),
    "trixie": Versions("17", (1, 26), (8, 0), (3, 13), 257),
    "jammy": Versions("14", (1, 18), (6, 0), (3, 10), 249),
    "noble": Versions("16", (1, 24), (7, 0), (3, 12), 255),
}


@dataclass(frozen=True)
class Machine:
    """A host's hardware and system, as read from it once a run.

    memory_mb is what this host may use (MiB): its RAM, or the container's limit if that is less.
    `container` hosts share a kernel: swap, `vm.*` and most of `kernel.*` are not theirs to set.
    open_files is the hard limit that PID 1 has: no unit can be given more than it in a container.
    told: lines that roles asked the host for, see `question`.
    secret: a new one for each look, for what a host has to have and nobody needs to know.
    """

    distribution: str
    codename: str
    cores: int
    memory_mb: int
    architecture: str = "amd64"
    container: bool = False
    ipv6: bool = True
    open_files: int = 1_048_576
    ssh_ports: tuple[int, ...] = field(default=(22,))
    foreign: foreign.Foreign = field(default=foreign.Foreign(), compare=False)
    told: tuple[str, ...] = ()
    secret: SecretStr = field(default=SecretStr("a-password-of-the-hosts-own"), compare=False)

    def tells(self, of: str) -> list[list[str]]:
        """The words that the host told after `of`, for each line that begins with it."""
        lines = [line.split() for line in self.told]
        return [rest for first, *rest in lines if first == of]

    @property
    def versions(self) -> Versions:
        return SUPPORTED[self.codename]

    @classmethod
    def example(cls, codename: str = "jammy", **values: Any) -> Machine:
        """A machine that is not there, for tests and documentation."""
        defaults: dict[str, Any] = {"cores": 2, "memory_mb": 4096}
        distribution = "ubuntu" if codename in ("jammy", "noble") else "debian"
        return cls(distribution, codename, **{**defaults, **values})


# sudo hides SSH_CONNECTION from what it starts, not from who looks at its parents.
CONNECTION = r"""
connection() { # what it is, of this shell and each of its parents, the nearest first
  p=$$ above=
  while [ "$p" -gt 1 ] && read -r stat <"/proc/$p/stat"; do
    above="$above /proc/$p/environ"
    stat=${stat##*) } && stat=${stat#* } && p=${stat%% *}
  done
  cat $above 2>/dev/null | tr '\0' '\n' | sed -n 's/^SSH_CONNECTION=//p'
}
"""

# One command; every line is `key value`. It must work on a host that has nothing but a shell.
PROBE = (
    r"""
. /etc/os-release; echo "distribution $ID"; echo "codename ${VERSION_CODENAME:-unknown}"
echo "pretty $PRETTY_NAME"
echo "cores $(nproc)"
awk '/^MemTotal:/ {print "memory", $2 * 1024} /^Max open files/ {print "open_files", $5}' \
  /proc/meminfo /proc/1/limits
for limit in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
  [ -r $limit ] && grep -q '^[0-9]' $limit && echo "memory $(cat $limit)"
done
echo "architecture $(dpkg --print-architecture)"
echo "container $(systemd-detect-virt --container 2>/dev/null || true)"
[ -e /proc/net/if_inet6 ] && echo "ipv6 yes"
# The port this very connection came in by, then whatever sshd is set to listen on.
"""
    + CONNECTION
    + r"""connection | sed -n 's/^.* /ssh_port /p'
sshd=$(command -v sshd || echo /usr/sbin/sshd)
[ -x $sshd ] && $sshd -T 2>/dev/null | sed -n 's/^port /ssh_port /p'
"""
    + foreign.PROBE
    + "true\n"
)


def question(asked: Sequence[str] = ()) -> str:
    """Shell that prints what `parse` reads, and in the same command what roles ask for: shell texts
    whose lines are `told WORDS`, and of which none hears what another has set."""
    return at_once([f"(\n{text}\n) </dev/null" for text in (PROBE, *asked)])


def parse(lines: list[str]) -> Machine:
    """Turn what PROBE printed into a Machine. Raises OperatorError for an unsupported system."""
    values: dict[str, list[str]] = {}
    for line in lines:
        key, _, value = line.strip().partition(" ")
        values.setdefault(key, []).append(value)

    if "codename" not in values:
        raise OperatorError("the host did not answer. Nothing has been changed")
    codename = values["codename"][-1]
    if codename not in SUPPORTED:
        raise OperatorError(
            f"this host runs {values['pretty'][-1]}, which is not supported;"
            f" use one of {', '.join(SUPPORTED)}. Nothing has been changed"
        )
    return Machine(
        distribution=values["distribution"][-1],
        codename=codename,
        cores=int(values["cores"][-1]),
        memory_mb=min(int(float(value)) for value in values["memory"]) // 2**20,
        architecture=values["architecture"][-1],
        container=values.get("container", ["none"])[-1] not in ("none", ""),
        ipv6="ipv6" in values,
        open_files=int(values.get("open_files", ["1024"])[-1].replace("unlimited", "1048576")),
        told=tuple(values.get("told", ())),
        secret=SecretStr(secrets.token_hex(32)),
        ssh_ports=tuple(sorted({int(port) for port in values.get("ssh_port", ["22"])})),
        foreign=foreign.parse(values),
    )
