"""What two applications make of a host, as it was when a person last looked at it."""

from __future__ import annotations

import pytest

from roles.core.entries import Directory
from tests.unit.conftest import Golden
from tests.unit.environments.several import plan_of_several
from tests.unit.environments.shown import STANDARD_FILES, shown

PLAN = plan_of_several()
ROLES = [
    "app-blog", "app-shop", "applications", "backup", "logs", "maintained", "nginx", "pgbouncer",
    "postgres", "redis",
]  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_APP_13_files_are_as_a_person_saw_them(role: str, golden: Golden) -> None:
    golden.compare(f"several/{role}", shown(PLAN.files(role), STANDARD_FILES))


def test_APP_13_no_file_is_two_roles() -> None:
    owner: dict[str, str] = {}
    for part in PLAN.parts:
        for entry in PLAN.files(part.role):
            if not isinstance(entry, Directory):
                assert owner.setdefault(entry.path, part.role) == part.role, entry.path
