"""What was fetched and has another digest than it must: told from what npm, pip and others say.
Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

REFUSED = "refused: "
"""What a shell line of the toolkit's own says begins with this, where it says why it ends."""
_NPM = re.compile(
    r"integrity checksum failed when using \w+: wanted (\S+) but got (sha\d+-[A-Za-z0-9+/=]+)", re.I
)
_PIP = re.compile(
    r"^ +([\w.-]+==\S+).* from [\s\S]*?Expected (\w+) (\w+)[\s\S]*?Got +([0-9a-f]+)", re.M
)
_MANAGER = re.compile(r"^(?:manager\.tgz|package/bin/yarn\.js): FAILED", re.M)
_PACKED = re.compile(r"npm pack --silent (\S+)")


@dataclass(frozen=True)
class Own:
    """A command that the toolkit has of its own accord: what it is for, in place of its lines, and
    what it means where it fails; empty for what nobody has foreseen."""

    name: str
    meaning: Callable[[str], str]


def meaning(said: str) -> str:
    """What a shell line of the toolkit's own has said of its end."""
    lines = [line for line in said.splitlines() if line.startswith(REFUSED)]
    return lines[-1].removeprefix(REFUSED) if lines else ""


def node(package: str, version: str, *, wanted: str, chosen: bool) -> Callable[[str], str]:
    """What it means where Node.js is not fetched. wanted: its digest; chosen: by the settings."""

    def meant(said: str) -> str:
        found = _NPM.search(said)
        if found and found[1] == wanted:
            must = "app.node.integrity" if chosen else "the digest that readyhost knows"
            return (
                f"app.node.integrity: {package}@{version} of the registry has the digest"
                f" {found[2]}, and {must} is {wanted}. Ask a registry that you trust"
                f" (npm view {package}@{version} dist.integrity): where it says the first, set"
                " app.node.integrity to that; where not, what the host fetched is somebody else's."
                " Nothing of it was run"
            )
        if found:
            return _strange("npm", found[2], found[1])
        if found := _PIP.search(said):
            return _strange(found[1], found[4], found[3])
        return ""

    return meant


def _strange(what: str, got: str, wanted: str) -> str:
    return (
        f"app.node: {what}, by which Node.js is fetched, has the digest {got} where the host"
        f" fetches it, and not {wanted}, which readyhost knows. It was not run: look which registry"
        " or mirror the host is told to ask (/etc/npmrc, /etc/pip.conf)"
    )


def advice(command: str, said: str) -> str:
    """What it means where a build step failed: another digest than a lock file says; else empty."""
    if packed := _MANAGER.search(said) and _PACKED.search(command):
        return (
            f"{packed[1]} of the registry has another digest than it must: that which"
            " packageManager of package.json has behind its +, or else the one that readyhost"
            " knows. Compare it with one of a registry that you trust"
        )
    if found := _NPM.search(said):
        return _locked("a package", found[2], found[1])
    if found := _PIP.search(said):
        return _locked(found[1], f"{found[2]}:{found[4]}", f"{found[2]}:{found[3]}")
    return ""


def _locked(what: str, got: str, wanted: str) -> str:
    return (
        f"{what} has the digest {got} where the host fetches it, and the lock file says {wanted}:"
        " lock it again where you trust what you fetch, or look which registry or mirror the host"
        " is told to ask"
    )
