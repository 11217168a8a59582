"""Debian packages: pending security fixes, who promises fixes, whether they install themselves."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

from .findings import CouldNotLook, Finding, last_line, note, some, unknown, warning

LISTS = (Path("/var/lib/apt/lists/partial"), Path("/var/lib/apt/periodic/update-stamp"))
DAY = 86_400
# Inst NAME [INSTALLED] (NEW ARCHIVE:VERSION/POCKET, … [ARCHITECTURE])
_INSTALL = re.compile(r"^Inst (\S+) (?:\[\S+\] )?\((\S+) (.*?) \[\S+\]\)")
_ARCHIVE = re.compile(r"[,= ][an]=\S+-security\b|l=Debian-Security")
_SECURITY = re.compile(r"-security\b|\bDebian-Security:", re.IGNORECASE)
_PACKAGE = re.compile(r"^(\S+):$", re.MULTILINE)
# The archives of the installed version, which the stars mark, are indented further than versions.
_INSTALLED = re.compile(r"^ \*\*\* .*\n((?: {8}.*\n)*)", re.MULTILINE)
_PART = re.compile(r" \S+/(\S+) \S+ Packages$", re.MULTILINE)
_PROMISED = {"main", "restricted"}
QUIET = ("-o", "Debug::NoLocking=true")


def look(lists_days: int) -> list[Finding]:
    """Pending fixes, whether they come by themselves, and packages without a promise of any."""
    found = _by_themselves()
    age = (time.time() - _refreshed()) / DAY
    if age > lists_days:
        text = (
            f"apt's lists are {age:.0f} days old, so pending security fixes are not known:"
            " apt-get update, and systemctl status apt-daily.timer"
        )
        return [*found, unknown("package", text)]
    if not _ARCHIVE.search(_run("apt-cache", "policy")):
        found.append(warning("package", "no source of apt's is an archive of security fixes"))
    found += _without_promise(_run("apt-mark", "showmanual").split())
    return [*pending(_run("apt-get", "-s", *QUIET, "dist-upgrade")), *found]


def pending(simulated: str) -> list[Finding]:
    """From what `apt-get -s dist-upgrade` says: the packages that have a security fix."""
    rows = [match.groups() for line in simulated.splitlines() if (match := _INSTALL.match(line))]
    names = [f"{name} {new}" for name, new, origins in rows if _SECURITY.search(origins)]
    if not names:
        return []
    fixes = "a security fix is" if len(names) == 1 else f"{len(names)} security fixes are"
    text = (
        f"{fixes} not installed yet: {some(names)}; they come by themselves within a day, or"
        " unattended-upgrade -v says why not"
    )
    return [warning("package", text)]


def without_promise(policy: str) -> list[str]:
    """From what `apt-cache policy` says of packages: those that were installed from a part of the
    archive whose security fixes nobody promises, or from no archive that apt knows."""
    blocks = _PACKAGE.split(policy)  # "", name, text, name, text, …
    installed = zip(blocks[1::2], map(_INSTALLED.search, blocks[2::2]), strict=True)
    return sorted(
        name for name, rows in installed if rows and not {*_PART.findall(rows[1])} & _PROMISED
    )


def _without_promise(manual: list[str]) -> list[Finding]:
    names = without_promise(_run("apt-cache", "policy", *manual)) if manual else []
    if not names:
        return []
    text = (
        f"nobody promises security fixes of {some(names, 20)}: universe, or a part like it; on"
        " Ubuntu, Ubuntu Pro (esm-apps) has them"
    )
    return [note("universe", text)]


def _by_themselves() -> list[Finding]:
    key = "APT::Periodic::Unattended-Upgrade"
    said = _run("apt-config", "shell", "DAYS", key).strip()
    if re.fullmatch(r"DAYS='0*[1-9].*'", said):
        return []
    return [warning("upgrade", "security upgrades do not install themselves here")]


def _refreshed() -> float:
    """When apt's lists were last brought up to date, seconds since 1970; 0 for never."""
    return max((path.stat().st_mtime for path in LISTS if path.exists()), default=0.0)


def _run(*command: str) -> str:
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env={"LC_ALL": "C", "PATH": _PATH}
    )
    if done.returncode:
        raise CouldNotLook(f"{command[0]} ended with {done.returncode}: {last_line(done.stderr)}")
    return done.stdout


_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
