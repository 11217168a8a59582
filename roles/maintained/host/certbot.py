"""certbot in its own environment: outside of the system's security upgrades."""

from __future__ import annotations

import re
from pathlib import Path

from . import python_audit, release, sandbox
from .configuration import Configuration
from .findings import CouldNotLook, Finding, last_line, note, warning


def look(configuration: Configuration) -> list[Finding]:
    """Whether a newer one is out. Raises CouldNotLook when nobody answers."""
    if not (now := dict(pin.split("==") for pin in _pins(configuration)).get("certbot")):
        return []
    # `pip list --outdated` says nothing when it reaches nobody, as when nothing is outdated.
    command = [f"{configuration.certbot}/bin/python", "-m", "pip", "index", "versions", "certbot"]
    return judge(sandbox.run(command, env=configuration.env), now)


def holes(configuration: Configuration) -> list[Finding]:
    """Known holes in certbot and all that it needs. Raises CouldNotLook when nobody answers."""
    return python_audit.look(configuration, "certbot", _pins(configuration))


def judge(said: str, now: str) -> list[Finding]:
    """From pip's list of versions: a newer major one is a warning, another is told."""
    if not (match := re.match(r"certbot \(([0-9.]+)\)", said)):
        raise CouldNotLook(f"pip: {last_line(said)}")
    last = match[1]
    if _numbers(last) <= _numbers(now):
        return []
    major = _numbers(now)[0] != _numbers(last)[0]
    text = f"certbot {now} is behind {last}: bring readyhost up to date, which pins it"
    return [(warning if major else note)("certbot", text)]


def _pins(configuration: Configuration) -> list[str]:
    """name==version of what is in certbot's environment."""
    places = sorted(Path(configuration.certbot, "lib").glob("python3*/site-packages"))
    return sorted({pin for place in places for pin in release.installed(place)})


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]
