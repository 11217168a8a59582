"""A release, as much of it as its processes and files follow from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Release:
    """A tag, its commit, and what the application says about itself there.

    kind is `python`, `node` or `command`; files are the names at the application's root; procfile
    and package are the texts of Procfile and package.json, empty where there is none; texts are
    those of the files that say what it is to be built with, by path from there; above are the
    names of files in the folders that the application's lies in; parts are the same of each
    further part (app.builds); scripts are the texts of those that the Procfile starts.
    """

    tag: str
    commit: str
    kind: str
    files: frozenset[str] = frozenset()
    procfile: str = ""
    package: str = ""
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)
    above: frozenset[str] = frozenset()
    parts: Mapping[str, Release] = field(default_factory=dict, hash=False)
    scripts: Mapping[str, str] = field(default_factory=dict, hash=False)

    def text(self, name: str) -> str:
        """The text of a file that says what it is built with; empty where there is none."""
        return self.texts.get(name, "")

    @classmethod
    def example(cls, kind: str = "python") -> Release:
        """A release that is nowhere, for tests and documentation."""
        web = "node server.js" if kind == "node" else "uvicorn app:app --uds $SOCKET"
        node = {"package.json", "package-lock.json"}
        return cls(
            "v1.0.0",
            "0123456789abcdef" * 2 + "01234567",
            kind,
            frozenset(node if kind == "node" else {"requirements.txt"}),
            f"web: {web}\n",
        )
