"""A thousand clients at once, as fast as they can: slower is allowed, an error is not.

The distribution's defaults fail here: 768 connections a worker, 1024 open files a process. How fast
it is, `make bench` says.
"""

from __future__ import annotations

import pytest

from tests.support.wrk import wrk

from .conftest import DOMAIN, Host

CLIENTS = 1000
SECONDS = 5
# One process answers at least this often even beside other tests; less is a host that hangs.
LEAST = 100


@pytest.mark.parametrize("path", ["/items", "/items?cache=no"], ids=["cached", "uncached"])
def test_LOAD_01_no_error_at_1000_connections(box: Host, path: str) -> None:
    load = wrk(box.ip, DOMAIN, path, CLIENTS, SECONDS)
    assert load.errors == 0, load
    assert load.rate > LEAST, load
