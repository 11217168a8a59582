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

from . import archive, git, linked, runtimes, scripts, signature
from .procfile import kind, parse
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
    def listed(self) -> str:
        """What git says of all files of the commit."""
        return git.git(self.git_directory, "ls-tree", "-rlz", "--full-tree", self.commit)

    @cached_property
    def modes(self) -> dict[str, str]:
        """git's modes of all files of the commit, by path."""
        return archive.listing(self.listed)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Bytes of each of them."""
        return archive.sizes(self.listed)

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of the files and folders at the application's root."""
        return archive.names(self.modes, self.directory)

    @cached_property
    def release(self) -> Release:
        """What the rest of the role needs to know of this commit."""
        read = (name for each in runtimes.every() for name in each.reads)
        present = [name for name in read if name in self.names]
        return Release(
            self.tag,
            self.commit,
            kind(self.names, self.read("Procfile")),
            self.names,
            self.read("Procfile"),
            self.read("package.json"),
            {name: self.read(name) for name in [*present, *self._members()]},
            self._above(),
            scripts=self._scripts(),
        )

    def _above(self) -> frozenset[str]:
        folders = Path(self.directory).parents if self.directory else ()
        found = [archive.names(self.modes, str(f).removeprefix(".")) for f in folders]
        return frozenset().union(*found)

    def _scripts(self) -> dict[str, str]:
        """Of the Procfile's lines; one that is a link, huge or not there is run as it is."""
        try:
            lines = parse(self.read("Procfile")).values()
        except ValueError:  # said where the lines are needed
            return {}
        found = {name: f"{self._prefix}{name}" for name in map(scripts.path, lines) if name}
        return {
            name: self.file(path)
            for name, path in found.items()
            if self.modes.get(path, "").startswith("100")
            and self.sizes.get(path, 0) <= scripts.LONGEST
        }

    def _members(self) -> list[str]:
        """Of a workspace that uv has locked, the files that the lock file follows from as well."""
        if "uv.lock" not in self.names:
            return []
        inside = (path for path in self.modes if path.startswith(self._prefix))
        found = (path.removeprefix(self._prefix) for path in inside)
        return [path for path in found if path.endswith("/pyproject.toml")]

    @property
    def _prefix(self) -> str:
        return f"{self.directory}/" if self.directory else ""

    def read(self, name: str) -> str:
        """Text of a file in the application's folder, as tools read it; empty when there is none.
        Raises OperatorError for a link that leads out of there, and a file that nobody reads."""
        if name.split("/", maxsplit=1)[0] not in self.names:
            return ""
        path = f"{self._prefix}{name}"
        path = linked.follow(self.tag, path, self.directory, self.modes, self.file)
        linked.refuse_huge(self.tag, name, self.sizes.get(path, 0))
        return linked.plain(self.file(path))

    def file(self, path: str) -> str:
        """Text of a file of the commit."""
        return git.git(self.git_directory, "show", f"{self.commit}:{path}")

    def archive(self) -> bytes:
        """The files as a gzipped tar, the same bytes each time."""
        try:
            return _packed(self.git_directory, self.tree)
        except subprocess.CalledProcessError as error:
            raise OperatorError(
                f"{self.tag} can't be packed: {git.reason(error)}. Nothing has been changed"
            ) from None


# Each host asks for them, and a first release's build before the release itself.
_packed = lru_cache(maxsize=2)(git.archive)


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
    # Once, so that what is verified is what is released, also while somebody moves the tag.
    target = git.quiet(found, "rev-parse", "--verify", "-q", f"refs/tags/{tag}")
    commit = target and git.quiet(found, "rev-parse", "--verify", "-q", f"{target}^{{commit}}")
    if not commit:
        known = git.quiet(found, "tag", "--sort=-version:refname").split()[:5]
        raise OperatorError(
            f"{repository} has no tag {tag!r}"
            + (f"; its latest are {', '.join(known)}" if known else "; it has no tags at all")
        )
    if directory and not git.quiet(found, "rev-parse", "--verify", "-q", f"{commit}:{directory}"):
        raise OperatorError(f"{repository} has no folder {directory!r} at {tag}")
    signature.require(found, tag, target, signed_by)
    source = Source(found, directory, tag, commit)
    archive.refuse_too_much(tag, source.sizes, directory, git.PACKED)
    archive.refuse_what_it_loses(tag, source.modes, directory, source.file)
    return source


def _local(repository: str) -> str:
    path = Path(repository).expanduser().resolve()
    try:
        git.run(["git", "-C", str(path), "rev-parse", "--git-dir"])
    except subprocess.CalledProcessError as error:
        raise OperatorError(f"app.repository {path} can't be read: {git.reason(error)}") from None
    if inside := git.quiet(str(path), "rev-parse", "--show-prefix").rstrip("/"):
        whole = git.git(str(path), "rev-parse", "--show-toplevel")
        raise OperatorError(
            f"app.repository {path} is a folder inside the repository {whole}; set"
            f' app.repository = "{whole}" and app.directory = "{inside}"'
        )
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
