"""A box with a shop on it whose team commits, tags and deploys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.host.conftest import Host
from vagrant.driver import Completed
from vagrant.example import TAG, commit, git


@dataclass
class Shop(Host):
    """A converged box with the repository that it is deployed from. v1.0.0 is the example as it
    is; every other tag is that with some files changed."""

    repository: Path = Path()
    tags: int = 0

    def text(self, path: str) -> str:
        """A file of the example."""
        return git(self.repository, "show", f"{TAG}:{path}") + "\n"

    def tag(self, files: Mapping[str, str] | None = None) -> str:
        """Commit the example with `files` (text by path) in place of its own; a new tag."""
        self.tags += 1
        tag = f"v1.{self.tags}.0"
        git(self.repository, "checkout", "-q", "-B", "main", TAG)
        for path, text in (files or {}).items():
            target = self.repository / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        commit(self.repository, tag)
        return tag

    def procfile(self, **lines: str) -> dict[str, str]:
        """The example's Procfile with other commands, as `files` of a tag."""
        own = dict(
            line.split(": ", 1)
            for line in self.text("Procfile").splitlines()
            if not line.startswith("#")
        )
        return {"Procfile": "".join(f"{n}: {c}\n" for n, c in {**own, **lines}.items())}

    def deploy(self, tag: str, *, check: bool = True, **values: str) -> Completed:
        """`pyinfra … deploy.py --data tag=TAG`; `values` are settings of this run only."""
        return self.pyinfra("-y", "--data", f"tag={tag}", check=check, values=values)

    def serves(self) -> str:
        """The release that answers a client."""
        return str(self.https("/version").json()["release"])
