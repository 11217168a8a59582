"""Where the kernel takes settings of the team's."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from roles.core.change import Check
from roles.core.entries import File
from roles.core.machine import Machine
from roles.core.shell import Commands
from roles.core.snippet_place import SnippetPlace, only_new

LINE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_./*-]*)\s*=\s*(\S.*)")
NET = "/proc/sys/net/"
"""What a container has a kernel's settings of its own for."""


def takes(machine: Machine) -> tuple[SnippetPlace, ...]:
    """Settings that readyhost does not make: its own are asked of the kernel by each run."""
    taken = only_new("/etc/sysctl.d/*.conf", lambda text: [key for key, _ in lines(text)])

    def wrong(text: str, files: Sequence[File]) -> str:
        return unreadable(text) or taken(text, files)

    def steps(files: Sequence[File]) -> list[Commands]:
        return [live(files, container=machine.container)]

    path = "/etc/sysctl.d/70-{name}.conf"
    return (SnippetPlace("sysctl", "base", path, wrong=wrong, check=known, steps=steps),)


def lines(text: str) -> Iterator[tuple[str, str]]:
    """Keys, with dots as in `net.core.somaxconn`, and values."""
    for line in text.splitlines():
        if found := LINE.fullmatch(line.strip()):
            yield proc(found[1]).removeprefix("/proc/sys/").replace("/", "."), found[2]


def unreadable(text: str) -> str:
    """What is wrong with the first line that is neither a setting nor a comment."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and line.strip()[0] not in "#;" and not LINE.fullmatch(line.strip()):
            return f"line {number} is not KEY = VALUE"
    return ""


def proc(key: str) -> str:
    """Where the kernel shows a key; the first separator says which of the two it is.

    >>> proc("net.ipv4.tcp_ecn"), proc("net/ipv4/conf/eth0.5/arp_filter")
    ('/proc/sys/net/ipv4/tcp_ecn', '/proc/sys/net/ipv4/conf/eth0.5/arp_filter')
    """
    first = next((each for each in key if each in "./"), ".")
    swapped = key if first == "/" else key.translate(str.maketrans("./", "/."))
    return f"/proc/sys/{swapped}"


def _values(file: File) -> dict[str, str]:
    found = (LINE.fullmatch(line.strip()) for line in str(file.content).splitlines())
    return {proc(each[1]): each[2] for each in found if each}


def known(file: File) -> Check:
    """The kernel has each key; a value is tried when it is set, and no sooner."""
    tests = [
        f"ls {path} >/dev/null 2>&1 || {{ echo no kernel setting {shlex.quote(path)}; exit 1; }}"
        for path in _values(file)
    ]
    return Check(f"the kernel, of {file.source},", "; ".join(tests) or "true")


def live(files: Sequence[File], *, container: bool) -> Commands:
    """The kernel has the values. container: the rest is its machine's, as in readyhost's own."""
    pairs = [pair for file in files for pair in _values(file).items()]
    tests = [
        f'for f in {path}; do [ "$(xargs <$f)" = {shlex.quote(" ".join(value.split()))} ]'
        " || exit 1; done"
        for path, value in pairs
        if not container or path.startswith(NET)
    ]
    only = " --prefix=/net" if container else ""
    unless = "\n".join(tests) or "true"
    return Commands(
        name="Base | kernel settings of the team's own",
        unless=unless,
        commands=[
            f"/lib/systemd/systemd-sysctl{only} {' '.join(file.path for file in files)}",
            f"( {unless}\n) || {{ echo 'the kernel does not take a value of"
            f" {' '.join(file.source for file in files)}' >&2; exit 1; }}",
        ],
    )
