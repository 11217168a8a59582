"""What two applications make of a host, as it was when a person last looked at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.core.entries import Absent, Directory, Entry, File, Link
from tests.unit.conftest import Golden
from tests.unit.environments.several import plan_of_several

PROJECT = Path(__file__).parents[3]
PLAN = plan_of_several()
ROLES = [
    "app-blog", "app-shop", "applications", "backup", "logs", "maintained", "nginx", "pgbouncer",
    "postgres", "redis",
]  # fmt: skip
COPIES = {path.read_bytes(): path for path in (PROJECT / "roles").rglob("*.py")}


@pytest.mark.parametrize("role", ROLES)
def test_APP_13_files_are_as_a_person_saw_them(role: str, golden: Golden) -> None:
    entries = PLAN.files(role)
    files = {
        entry.path.lstrip("/"): entry.data
        for entry in entries
        if isinstance(entry, File) and entry.data not in COPIES
    }
    index = "".join(f"{_line(entry)}\n" for entry in entries)
    golden.compare(f"several/{role}", {**files, "ENTRIES": index.encode()})


def test_APP_13_no_file_is_two_roles() -> None:
    owner: dict[str, str] = {}
    for part in PLAN.parts:
        for entry in PLAN.files(part.role):
            if not isinstance(entry, Directory):
                assert owner.setdefault(entry.path, part.role) == part.role, entry.path


def _line(entry: Entry) -> str:
    if isinstance(entry, Link):
        return f"link {entry.path} -> {entry.target}"
    if isinstance(entry, Absent):
        return f"absent {entry.path}"
    kind = "directory" if isinstance(entry, Directory) else "file"
    secret = " secret" if isinstance(entry, File) and entry.secret else ""
    return f"{kind} {entry.mode:04o} {entry.owner}:{entry.group} {entry.path}{secret}"
