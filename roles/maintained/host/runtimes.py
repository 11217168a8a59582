"""What runs here: the distribution, its Python and PostgreSQL, and the application's Node.js."""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path

from .ends import Runs

OS_RELEASE = Path("/etc/os-release")
POSTGRESQL = Path("/etc/postgresql")


def look(node: str) -> list[Runs]:
    """All of them. node: the version of the pinned Node.js that is live, empty when there is none:
    then a Node.js of the distribution counts, if one is installed."""
    distribution = system(OS_RELEASE.read_text())
    packaged = f"{distribution.name} {distribution.line}"
    python = platform.python_version_tuple()
    found = [
        distribution,
        Runs("Python", ".".join(python[:2]), platform.python_version(), packaged),
    ]
    for folder in sorted(POSTGRESQL.glob("[0-9]*")):
        found.append(Runs("PostgreSQL", folder.name, folder.name, packaged))
    if node:
        return [*found, Runs("Node.js", node.partition(".")[0], node)]
    if version := installed("nodejs"):
        # Debian's stable releases keep a line alive; Ubuntu's universe promises nothing.
        keeper = packaged if distribution.name == "Debian" else ""
        found.append(Runs("Node.js", version.partition(".")[0], version, keeper))
    return found


def own_python(version: str) -> Runs:
    """A Python of an application's own: no distribution's updates reach what was built of it."""
    line = ".".join(version.partition("-")[0].split(".")[:2])
    return Runs("Python", line, version)


def system(os_release: str) -> Runs:
    """The distribution, from /etc/os-release."""
    rows = (line.partition("=") for line in os_release.splitlines())
    values = {key: value.strip('"') for key, _, value in rows}
    name = {"ubuntu": "Ubuntu", "debian": "Debian"}.get(values["ID"], values["ID"])
    return Runs(name, values.get("VERSION_ID", "?"), values.get("PRETTY_NAME", "?"))


def installed(package: str) -> str:
    """The upstream version of an installed Debian package, empty when it is not installed."""
    asked = ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", package]
    done = subprocess.run(asked, check=False, capture_output=True, text=True)
    status, _, version = done.stdout.partition(" ")
    return version.partition("-")[0].rpartition(":")[2] if status == "installed" else ""
