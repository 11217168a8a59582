"""The settings of docs/frameworks.md are ones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.applications import documented
from tests.unit.environments import settings


@pytest.mark.parametrize(("framework", "table"), documented.tables().items())
def test_APP_12_what_is_documented_is_accepted(framework: str, table: dict[str, Any]) -> None:
    assert settings(**table)
