"""Whose command it is: the application has to be named only where there is a choice."""

from __future__ import annotations

import pytest

from readyhost.hosts import Environment
from roles.core.errors import OperatorError


def test_APP_13_a_single_application_needs_no_name() -> None:
    assert Environment(("shop",), (), several=True).app(None) == "shop"
    with pytest.raises(OperatorError, match="there are shop, blog"):
        Environment(("shop", "blog"), (), several=True).app(None)
