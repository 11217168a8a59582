"""What others have on a host: programs at our ports, sites, databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import NamedTuple

from .state import STATE

# Part of the one question at the beginning (machine.py); every line is `key value`. What a host
# has that is readyhost's already is its own, and not asked for. Where its Nginx runs nobody else
# has the ports: `ss -p` reads every process, which takes longer than all else that is asked.
_LISTENING = r"""
listening() {
  ss -Hltnp 2>/dev/null | while read -r _ _ _ where _ users; do
    name=${users#*\"} pid=${users#*pid=} unit=
    if [ "$users" ]; then read -r unit </proc/"${pid%%,*}"/cgroup; fi 2>/dev/null
    echo "listens $where ${name%%\"*} ${pid%%,*} ${unit##*/}"
  done
}
unserved() {
  nginx=
  { read -r nginx </run/nginx.pid; } 2>/dev/null
  [ ! -e /var/lib/readyhost/owner ] || [ ! -d "/proc/${nginx:-none}" ]
}
"""
PROBE = (
    _LISTENING
    + r"""
if unserved; then listening; fi
if [ ! -e /var/lib/readyhost/owner ] && [ ! -e /var/lib/readyhost/manifest/base ] \
  && [ ! -d /usr/local/lib/readyhost ]; then
  echo unmanaged
  packaged=$(dpkg-query -W -f '${Conffiles}\n' nginx-common nginx 2>/dev/null)
  {
    nginx -T 2>/dev/null | sed -n 's/^# configuration file \(.*\):$/\1/p'
    ls -d /etc/nginx/sites-enabled/* /etc/nginx/conf.d/*.conf 2>/dev/null
  } | sort -u | while read -r file; do
    grep -Eqs '^([^#]*[;{}[:blank:]])?server[[:blank:]]*([{]|$)' "$file" || continue
    echo "$packaged" | grep -Fq " $(readlink -f "$file") $(md5sum <"$file" | cut -d' ' -f1)" \
      || echo "site $file"
  done
  for cluster in /var/lib/postgresql/*/*/PG_VERSION; do
    if [ -e "$cluster" ]; then echo "cluster ${cluster%/PG_VERSION}"; fi
  done
  for data in /var/lib/redis/dump.rdb /var/lib/redis/appendonly*; do
    if [ -e "$data" ]; then echo "cache $data"; fi
  done
fi
"""
)


def ask(lines: Mapping[str, tuple[str, str]]) -> str:
    """Shell beside PROBE: also on a host that is readyhost's it is asked who listens, where a port
    is about to change, or a change of it was left half done.

    lines: for the file of ours that has the port (a shell pattern) its line, and the unit (another)
    that has it in force when its stamps are there.
    """
    stamps = f"{STATE}/stamps"
    known = " && ".join(
        f"grep -qsx '{line}' {file} && ls {stamps}/{unit}.restart {stamps}/{unit}.reload"
        for file, (line, unit) in lines.items()
    )
    return f"{_LISTENING}unserved || {{ {known}; }} >/dev/null 2>&1 || listening"


# Addresses that our own programs take besides the web's.
_LOCAL = frozenset({"*", "0.0.0.0", "::", "127.0.0.1", "::1"})  # noqa: S104 - nothing is bound here


class Listener(NamedTuple):
    """A program that listens on a TCP port; unit is systemd's name of it, if it is one's."""

    port: int
    address: str
    program: str
    process: str
    unit: str


class Ours(NamedTuple):
    """What is to have a port: the program as `ss` names it, the setting, or whom it is for, and the
    program's unit (a shell pattern)."""

    program: str
    setting: str
    unit: str = "*"


@dataclass(frozen=True)
class Foreign:
    """listening: every program that does. The rest is only asked of a host that is not readyhost's
    yet: files of Nginx with sites, folders of database clusters, files of Redis."""

    listening: tuple[Listener, ...] = ()
    managed: bool = True
    sites: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    caches: tuple[str, ...] = ()


def parse(values: Mapping[str, list[str]]) -> Foreign:
    """What PROBE printed, by key."""
    every = ("site", "cluster", "cache")
    return Foreign(
        tuple(_listener(line) for line in values.get("listens", [])),
        "unmanaged" not in values,
        *(tuple(dict.fromkeys(values.get(key, []))) for key in every),
    )


def _listener(line: str) -> Listener:
    where, program, process, unit = [*line.split(" "), "", "", ""][:4]
    address, _, port = where.rpartition(":")
    address = address.partition("%")[0].strip("[]")
    # What the kernel itself listens for has no process.
    return Listener(int(port), address, program or "the kernel", process, unit)


def in_the_way(found: Foreign, ports: Mapping[int, Ours]) -> Iterator[str]:
    """A sentence for each program that has one of `ports`, and is not the one that is to have it.

    Nginx takes its ports at any address, our other programs theirs at the host's own.
    """
    told = set()
    for each in found.listening:
        ours = ports.get(each.port)
        if not ours or (ours.program != "nginx" and each.address not in _LOCAL):
            continue
        # Where cgroups of version 1 are mounted a program's first one need not be its unit's.
        other = each.unit.endswith(".service") and not fnmatch(each.unit, ours.unit)
        mine = each.program.startswith(ours.program) and (
            (found.managed and not other) or ours.program == "nginx"
        )
        if mine or (each.port, each.program) in told:
            continue
        told.add((each.port, each.program))
        yield f"port {each.port} ({ours.setting}) is held by {each.program}: {_stop(each)}"


def _stop(listener: Listener) -> str:
    if listener.program == "docker-proxy":
        return f"stop its container (docker ps --filter publish={listener.port})"
    if listener.program == "systemd":
        return f"disable its socket unit (systemctl list-sockets | grep :{listener.port})"
    if listener.unit.endswith(".service"):
        return f"stop it for good (systemctl disable --now {listener.unit}), or remove it"
    return f"end it (process {listener.process or 'unknown'}), and what starts it"


def would_end(found: Foreign) -> Iterator[str]:
    """A sentence for each site and each data of others that ours would replace."""
    end = "or let it go with --data base.take_over=unmanaged"
    for path in found.sites:
        yield f"Nginx serves another site here, {path}, which would be lost: move it, {end}"
    for path in found.clusters:
        version, name = path.split("/")[-2:]
        yield (
            f"PostgreSQL has a cluster here, {path}: move it to another host and remove it"
            f" (pg_dropcluster --stop {version} {name}), {end}"
        )
    for path in found.caches:
        yield f"Redis has data here, {path}: move it to another host and remove the file, {end}"
