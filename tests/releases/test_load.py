"""Ten deploys and ten rollbacks while 200 clients ask and post, and repeat nothing themselves."""

from __future__ import annotations

import pytest

from tests.host.conftest import DOMAIN, OLDEST
from tests.support.box import suites
from tests.support.wrk import meanwhile

from .going_back import record, rollback
from .shop import Shop

CLIENTS = 200
PATH = "/items?cache=no"  # Nginx keeps the other one
ITEM = '{"name": "posted under load"}'
THINK = 1000  # milliseconds, on average
TIMES = 10
FEWER = 3  # of the other example, where there is another suite for this one
PATIENCE = 60  # seconds; slow on a busy machine is not lost


@pytest.mark.timeout(1200)
def test_REL_03_no_request_is_lost_in_ten_deploys_and_ten_rollbacks(shop: Shop) -> None:
    before = shop.serves()
    times = FEWER if shop.suite == OLDEST and len(suites()) > 1 else TIMES
    tags = [shop.tag({"VARIATION": str(number)}) for number in range(times)]
    # One more than are deployed, so that each rollback finds its release built.
    keep = str(times + 2)
    with meanwhile(
        shop.ip, DOMAIN, PATH, CLIENTS, think=THINK, post=ITEM, timeout=PATIENCE
    ) as seen:
        for tag in tags:
            shop.deploy(tag, READYHOST_APP__KEEP_RELEASES=keep)
        assert shop.serves() == tags[-1]
        for _ in tags:
            rollback(shop)
        assert shop.serves() == before

    assert seen.load
    assert [entry["tag"] for entry in record(shop)[-2 * times :]] == [
        *tags, *reversed(tags[:-1]), before,
    ]  # fmt: skip
    assert seen.load.errors == 0, seen.load
    assert seen.load.requests > CLIENTS * 2 * times, seen.load
