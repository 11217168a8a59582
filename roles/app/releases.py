"""A release, as much of it as its processes and files follow from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Release:
    """A tag, its commit, and what the application says about itself there.

    kind is `python`, `node` or `command`; files are the names at the application's root; procfile
    and package are the texts of Procfile and package.json, empty where there is none.
    """

    tag: str
    commit: str
    kind: str
    files: frozenset[str] = frozenset()
    procfile: str = ""
    package: str = ""

    @classmethod
    def example(cls, kind: str = "python") -> Release:
        """A release that is nowhere, for tests and documentation."""
        web = "node server.js" if kind == "node" else "uvicorn app:app --uds $SOCKET"
        listed = "package.json" if kind == "node" else "requirements.txt"
        return cls(
            "v1.0.0",
            "0123456789abcdef" * 2 + "01234567",
            kind,
            frozenset({listed}),
            f"web: {web}\n",
        )
