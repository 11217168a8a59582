"""A release, as much of it as its processes and files follow from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Release:
    """A tag, its commit, and what the application says about itself there.

    kind is `python`, `node` or `command`; procfile and package are the texts of Procfile and
    package.json, empty where there is none.
    """

    tag: str
    commit: str
    kind: str
    procfile: str = ""
    package: str = ""

    @classmethod
    def example(cls, kind: str = "python") -> Release:
        """A release that is nowhere, for tests and documentation."""
        web = "node server.js" if kind == "node" else "uvicorn app:app --uds $SOCKET"
        return cls("v1.0.0", "0123456789abcdef0123456789abcdef01234567", kind, f"web: {web}\n")
