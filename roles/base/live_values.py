"""What the kernel and systemd hold at this moment, compared with what the files say."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from roles.core.entries import Entry, File

from .files import SYSCTL, SYSCTL_MACHINE
from .settings import Base

LOCALHOST = r"grep -q '^127\.0\.0\.1[[:blank:]].*\blocalhost\b' /etc/hosts"
TIMERS = "apt-daily.timer apt-daily-upgrade.timer"


def kernel_values(entries: Iterable[Entry]) -> dict[str, str]:
    """The settings in the sysctl files among `entries`, by their paths under /proc/sys; `*` in one
    stands for each interface."""
    lines = [
        line
        for entry in entries
        if isinstance(entry, File) and entry.path in (SYSCTL, SYSCTL_MACHINE)
        for line in entry.data.decode().splitlines()
    ]
    pairs = (line.split(" = ") for line in lines if line and not line.startswith("#"))
    return {f"/proc/sys/{key.replace('.', '/')}": value for key, value in pairs}


def as_wanted(settings: Base, entries: Iterable[Entry]) -> str:
    """A shell test: kernel settings, the limit of open files, upgrade timers and names."""
    values = kernel_values(entries)
    each = {path: values.pop(path) for path in list(values) if "*" in path}
    wanted = "\n".join(values.values())
    tests = [f'[ "$(cat {" ".join(values)})" = {shlex.quote(wanted)} ]', LOCALHOST]
    tests += [f'[ "$(cat {path} | sort -u)" = {value} ]' for path, value in each.items()]
    if settings.security_upgrades:
        tests.append(f"[ $(systemctl is-active {TIMERS} | grep -cx active) = 2 ]")
        tests.append(f"[ $(systemctl is-enabled {TIMERS} | grep -cx enabled) = 2 ]")
    if settings.hostname:
        tests.append(f'[ "$(uname -n)" = {settings.hostname} ]')
        tests.append(f"grep -q '^127.0.1.1[[:blank:]].*{settings.hostname}' /etc/hosts")
    return " &&\n".join(tests)


def commands(settings: Base, entries: Iterable[Entry]) -> list[str]:
    """Make them so."""
    paths = {entry.path for entry in entries}
    files = [path for path in (SYSCTL, SYSCTL_MACHINE) if path in paths]
    lines = [f"/lib/systemd/systemd-sysctl {' '.join(files)}"]
    lines.append(f"{LOCALHOST} || printf '127.0.0.1\\tlocalhost\\n' >>/etc/hosts")
    if settings.security_upgrades:
        lines += [
            f"systemctl unmask --quiet {TIMERS}; systemctl unmask --quiet --runtime {TIMERS}",
            f"systemctl enable --quiet --now {TIMERS}",
        ]
    if settings.hostname:
        lines += [
            f"hostname {settings.hostname}",
            "sed -i '/^127\\.0\\.1\\.1[[:blank:]]/d' /etc/hosts",
            f"printf '127.0.1.1\\t%s\\n' {settings.hostname} >> /etc/hosts",
        ]
    return lines
