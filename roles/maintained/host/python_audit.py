"""Known holes in Python packages: pip-audit is asked, in the sandbox."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from . import sandbox
from .configuration import Configuration
from .findings import CouldNotLook, Finding, last_line, note, some, warning

INSTALL = Path(__file__).with_name("install-pip-audit")
LIST = "requirements.txt"


def look(configuration: Configuration, whose: str, pins: list[str]) -> list[Finding]:
    """Holes of `pins` (name==version). whose: for words, such as `certbot`.

    Raises CouldNotLook when nobody answers.
    """
    if not pins:
        return []
    program = ready(configuration)
    service = ["--vulnerability-service=pypi"]
    if configuration.python_advisories:
        service = ["--vulnerability-service=osv", f"--osv-url={configuration.python_advisories}"]
    said = sandbox.run(
        [
            *(program, f"--requirement={LIST}", "--no-deps", "--disable-pip", "--format=json"),
            *("--progress-spinner=off", "--desc=off", "--aliases=on", "--cache-dir=cache"),
            *service,
        ],
        files={LIST: "\n".join(pins) + "\n"},
        env=configuration.env,
    )
    return judge(said, whose, set(configuration.accepted))


def ready(configuration: Configuration) -> str:
    """Path of pip-audit, which root installs by its hashes when it is not there."""
    program = Path(configuration.pip_audit, "bin", "pip-audit")
    if not Path(configuration.pip_audit, "whole").exists():
        done = subprocess.run(
            ["/bin/sh", str(INSTALL)], check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise CouldNotLook(f"pip-audit could not be installed: {last_line(done.stderr)}")
    return str(program)


def judge(said: str, whose: str, accepted: set[str]) -> list[Finding]:
    """From pip-audit's JSON. One that it could not ask about is told, and none of all is no
    answer: an index that knows no advisories must not pass for one that has none."""
    try:
        rows: list[dict[str, Any]] = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        raise CouldNotLook(f"pip-audit: {last_line(said)}") from None
    skipped = [str(row["name"]) for row in rows if "skip_reason" in row]
    if skipped and len(skipped) == len(rows):
        reason = next(row["skip_reason"] for row in rows if "skip_reason" in row)
        raise CouldNotLook(f"{whose}: of {len(rows)} packages nothing is known: {reason}")
    found = [
        warning("hole", f"{whose}: {row['name']} {row['version']} has {_holes(holes)}")
        for row in rows
        if (holes := [v for v in row.get("vulns", []) if not {v["id"], *v["aliases"]} & accepted])
    ]
    if skipped:
        text = f"{whose}: of {some(skipped)} nothing is known, such as of packages of your own"
        return [*found, note("hole", text)]
    return found


def _holes(holes: list[dict[str, Any]]) -> str:
    names = [
        next((a for a in hole["aliases"] if a.startswith("CVE-")), hole["id"]) for hole in holes
    ]
    fixed = sorted({version for hole in holes for version in hole.get("fix_versions", [])})
    return some(sorted(set(names)), 3) + (f", fixed in {some(fixed, 3)}" if fixed else "")
