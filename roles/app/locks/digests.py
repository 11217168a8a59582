"""Packages of which a lock file of Node.js has no digest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from roles.core.errors import OperatorError

from ..releases import Release
from . import choice


def require(release: Release, lock: str) -> None:
    """Raise OperatorError for a release without a lock file, or whose lock file has a package
    without a digest."""
    what = "has no lock file"
    if lock:
        name = next(without(lock, release.text(lock)), "")
        what = f"has {name} in {lock}, which has no digest" if name else ""
    if what:
        raise OperatorError(
            f"{release.tag} {what}, and app.build.require_hashes is set. Nothing has been changed"
        )


def without(lock: str, text: str) -> Iterator[str]:
    """Names of packages that come from elsewhere and have no digest."""
    tool = choice.tool(lock)
    if tool == "npm":
        yield from _npm(text)
    elif tool == "pnpm":
        yield from re.findall(
            r"^  '?(\S+?)'?:\n    resolution: \{(?!.*(?:integrity:|directory:))", text, re.M
        )
    elif tool == "yarn":
        for block in re.split(r"\n\s*\n", text):
            name = block.strip().splitlines()[0].rstrip(":") if block.strip() else ""
            classic = "\n  resolved " in block and "\n  integrity " not in block
            # Of what is for other systems yarn writes a digest only where it has met it.
            plain = "\n  linkType: hard" in block and "\n  conditions:" not in block
            if classic or (plain and "\n  checksum:" not in block):
                yield name.strip('"')
    elif not text:
        yield f"packages nobody can read in {lock}"
    else:
        entries = re.findall(r'^    "([^"]+)": \[(.*)\],?$', text, re.M)
        yield from (n for n, rest in entries if '"sha' not in rest and "@workspace:" not in rest)


def _npm(text: str) -> Iterator[str]:
    try:
        packages = json.loads(text)["packages"]
    except (ValueError, KeyError, TypeError, RecursionError):
        packages = None
    if not isinstance(packages, dict):
        yield "packages in the form of npm 6"
        return
    for name, value in packages.items():
        about = value if isinstance(value, dict) else {}
        local = not name.startswith("node_modules/") and "/node_modules/" not in name
        if not (local or about.get("link") or about.get("inBundle") or about.get("integrity")):
            yield name
