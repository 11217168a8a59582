"""The application's repository as the operator's machine sees it: a tag becomes a commit."""

from __future__ import annotations

import hashlib
import re
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from roles.core.errors import OperatorError

from . import archive, git, signature
from .procfile import kind
from .releases import Release

MIRRORS = Path("~/.cache/readyhost/repositories")
_ADDRESS = re.compile(r"^([a-z+]+://|[^/@]+@[^/:]+:)")


@dataclass(frozen=True)
class Source:
    """One commit of a repository, and the tag that names it."""

    git_directory: str
    directory: str
    tag: str
    commit: str

    @property
    def tree(self) -> str:
        """What git calls the application's folder at this commit."""
        return f"{self.commit}:{self.directory}" if self.directory else self.commit

    @cached_property
    def modes(self) -> dict[str, str]:
        """git's modes of all files of the commit, by path."""
        listed = git.git(self.git_directory, "ls-tree", "-r", "-z", "--full-tree", self.commit)
        return archive.listing(listed)

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of the files and folders at the application's root."""
        return archive.names(self.modes, self.directory)

    @cached_property
    def release(self) -> Release:
        """What the rest of the role needs to know of this commit."""
        return Release(
            self.tag,
            self.commit,
            kind(self.names),
            self.names,
            self.read("Procfile"),
            self.read("package.json"),
        )

    def read(self, name: str) -> str:
        """Text of a file at the application's root; empty when there is none."""
        if name not in self.names:
            return ""
        prefix = f"{self.directory}/" if self.directory else ""
        return self.file(f"{prefix}{name}")

    def file(self, path: str) -> str:
        """Text of a file of the commit."""
        return git.git(self.git_directory, "show", f"{self.commit}:{path}")

    def archive(self) -> bytes:
        """The files as a gzipped tar, the same bytes each time."""
        return git.run(["git", "-C", self.git_directory, "archive", "--format=tar.gz", self.tree])


@lru_cache
def resolve(
    repository: str,
    tag: str | None = None,
    directory: str = "",
    signed_by: tuple[str, ...] = (),
) -> Source:
    """Find the commit of `tag` (the highest version tag for None) once for all hosts.

    A path is read as it is, an address through a mirror in the operator's cache.
    Raises OperatorError for a repository, tag or folder that is not there, a tag that nobody of
    `signed_by` has signed, and for what an archive would leave out (submodules, large files kept
    elsewhere).
    """
    found = _mirror(repository) if _ADDRESS.match(repository) else _local(repository)
    tag = tag or _highest(found, repository)
    commit = git.quiet(found, "rev-parse", "--verify", "-q", f"refs/tags/{tag}^{{commit}}")
    if not commit:
        known = git.quiet(found, "tag", "--sort=-version:refname").split()[:5]
        raise OperatorError(
            f"{repository} has no tag {tag!r}"
            + (f"; its latest are {', '.join(known)}" if known else "; it has no tags at all")
        )
    if directory and not git.quiet(found, "rev-parse", "--verify", "-q", f"{commit}:{directory}"):
        raise OperatorError(f"{repository} has no folder {directory!r} at {tag}")
    signature.require(found, tag, signed_by)
    source = Source(found, directory, tag, commit)
    archive.refuse_what_it_loses(tag, source.modes, directory, source.file)
    return source


def _local(repository: str) -> str:
    path = Path(repository).expanduser().resolve()
    try:
        git.run(["git", "-C", str(path), "rev-parse", "--git-dir"])
    except subprocess.CalledProcessError as error:
        raise OperatorError(f"app.repository {path} can't be read: {git.reason(error)}") from None
    return str(path)


def _mirror(address: str) -> str:
    name = hashlib.sha256(address.encode()).hexdigest()[:16]
    path = MIRRORS.expanduser() / f"{name}.git"
    try:
        if not path.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=path.parent) as beside:
                git.run(["git", "clone", "-q", "--mirror", address, f"{beside}/{path.name}"])
                Path(beside, path.name).rename(path)  # whole, or not there
        else:  # always: a tag that is known here may have been moved there
            git.git(str(path), "fetch", "-q", "--tags", "--prune")
    except subprocess.CalledProcessError as error:
        shown = git.without_credentials(address)
        raise OperatorError(f"app.repository {shown} can't be read: {git.reason(error)}") from None
    return str(path)


def _highest(found: str, repository: str) -> str:
    tags = git.quiet(found, "tag", "--sort=-version:refname").split()
    versions = [tag for tag in tags if re.fullmatch(r"v?\d+(\.\d+)*", tag)]
    if not versions:
        raise OperatorError(f"{repository} has no version tag such as v1.0.0; set app.tag")
    return versions[0]
