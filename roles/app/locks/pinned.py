"""Requirements that say exactly what is installed, as pip takes them; anything else is refused.

Each part is looked at: what a lock file says becomes lines that pip reads, and a line of its own
choice could be an option.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from packaging.markers import InvalidMarker, Marker
from packaging.utils import InvalidName, canonicalize_name
from packaging.version import Version

from .entries import Broken

# What pip takes for a proof (pip's FAVORITE_HASH and STRONG_HASHES).
_HASH = re.compile(r"sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SCHEMES = {"https", "http"}
_GIT_SCHEMES = {*_SCHEMES, "ssh", "git"}
_SCP = re.compile(r"([\w.-]+@[\w.-]+):(?!/)(\S+)")


def version(where: str, name: str, text: str, marker: str, hashes: Iterable[str]) -> str:
    """One version of an index's package; without hashes where there are none."""
    _name(where, name)
    try:
        Version(text)
    except ValueError:  # InvalidVersion is one, and what a number of thousands of digits raises
        raise Broken(f"{where}: version {text[:100]!r} is none") from None
    return _line(where, f"{name}=={text}", marker, hashes)


def address(where: str, name: str, url: str, marker: str, hashes: Iterable[str]) -> str:
    """A file at an address."""
    _name(where, name)
    # A space before the marker: it would be part of the address.
    return _line(where, f"{name} @ {_url(where, url, _SCHEMES)}", marker, hashes)


@dataclass(frozen=True)
class Commit:
    """Of a repository; below: the folder in it, empty for its root."""

    url: str
    commit: str
    below: str


def git(where: str, name: str, what: Commit, marker: str) -> str:
    """A commit of a repository."""
    _name(where, name)
    url, commit, below = what.url, what.commit, what.below
    url = _SCP.sub(r"ssh://\1/\2", url) if _SCP.fullmatch(url) else url
    url = _url(where, url.removeprefix("git+"), _GIT_SCHEMES)
    if not _COMMIT.fullmatch(commit):
        raise Broken(f"{where}: {commit or 'nothing'} is no commit, and a branch or tag moves")
    inside = f"#subdirectory={path(where, below).removeprefix('./')}" if below else ""
    return _line(where, f"{name} @ git+{url}@{commit}{inside}", marker, ())


def path(where: str, text: str) -> str:
    """A folder or file of the repository, from the application's folder: `./libs/own`, or `.`."""
    plain = posixpath.normpath(text or ".")
    if plain.startswith(("/", "../")) or plain == ".." or not re.fullmatch(r"[\w./ @+-]+", plain):
        raise Broken(f"{where}: {text!r} leads out of the application's folder, which is all of it"
                     " that a host gets")  # fmt: skip
    return plain if plain == "." else f"./{plain}"


def require(where: str, line: str) -> None:
    """Look at a line that another program wrote. Raises Broken for a path that leads out of the
    application's folder and an address of this machine."""
    _, at, url = line.partition(" @ ")
    if at:
        url = url.split(" ")[0]
        _url(where, url.removeprefix("git+"), _GIT_SCHEMES if url.startswith("git+") else _SCHEMES)
    elif line.startswith((".", "/", "file:", "-")):
        path(where, line.split(" ;", maxsplit=1)[0].strip())


def constant(value: bool) -> str:
    """A marker that is true, or false, on every system."""
    return f'python_version {">=" if value else "<"} "0"'


def _name(where: str, name: str) -> None:
    try:
        canonicalize_name(name, validate=True)
    except InvalidName:
        raise Broken(f"{where}: name {name!r} is none") from None


def _url(where: str, url: str, schemes: set[str]) -> str:
    try:
        known = urlsplit(url)
        right = known.scheme in schemes and known.hostname and not re.search(r"[\s'\"\\]", url)
    except ValueError:
        right = False
    if not right:
        raise Broken(f"{where}: {url!r} is no address of {', '.join(sorted(schemes))}")
    return url


def _line(where: str, what: str, marker: str, hashes: Iterable[str]) -> str:
    try:
        if marker:
            Marker(marker)
    except InvalidMarker:
        raise Broken(f"{where}: marker {marker!r} is none") from None
    known = sorted({text for text in hashes if _HASH.fullmatch(text)})
    return " ".join([what, *([f"; {marker}"] if marker else []), *(f"--hash={h}" for h in known)])
