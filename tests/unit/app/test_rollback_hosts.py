"""Several hosts go back together, or none of them does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from roles.app import rollback
from roles.core.errors import OperatorError


def plan(tag: str, built: bool = True) -> dict[str, Any]:
    return {"tag": tag, "commit": f"{tag}-0123456789abcdef", "built": built, "live": "v3"}


def earlier(here: str, two: dict[str, Any] | str) -> rollback.Earlier:
    """On the host `here`, where one of two answered v2 and the other one `two`."""
    said = two if isinstance(two, str) else json.dumps(two)
    return rollback.earlier({"one": [json.dumps(plan("v2"))], "two": said.splitlines()}, here)


def test_REL_02_each_host_says_for_itself_whether_it_has_to_build() -> None:
    two = plan("v2", built=False)
    assert earlier("one", two) == rollback.Earlier("v2", True, "v3")
    assert earlier("one", two).words == ("  v3 is live, v2 was before",)
    assert earlier("two", two) == rollback.Earlier("v2", False, "v3")
    assert earlier("two", two).words == (
        "  v3 is live, v2 was before and was pruned: it is built again",
    )


def test_REL_02_hosts_that_were_on_different_releases_are_refused() -> None:
    with pytest.raises(OperatorError, match=r"one: v2 \(.*\), two: v1 \(.*\)\); name one"):
        earlier("one", plan("v1"))


def test_REL_02_one_host_that_refuses_stops_all() -> None:
    with pytest.raises(OperatorError, match=r"^\[two\] there is nothing to go back to$"):
        earlier("one", "there is nothing to go back to")
