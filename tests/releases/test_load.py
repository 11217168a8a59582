"""Ten deploys and ten rollbacks while 200 clients ask and post, and repeat nothing themselves."""

from __future__ import annotations

import os

import pytest

from tests.host.conftest import DOMAIN, FEW
from tests.support.wrk import meanwhile

from .going_back import record, rollback
from .shop import Shop

CLIENTS = 200
PATH = "/items?cache=no"  # Nginx keeps the other one
ITEM = '{"name": "posted under load"}'
THINK = 1000  # milliseconds, on average
TIMES = int(os.environ.get("SWITCHES", "10"))  # fewer for one example, where the other has ten
PATIENCE = 60  # seconds; slow on a busy machine is not lost


@pytest.mark.timeout(1200)
def test_REL_03_no_request_is_lost_in_ten_deploys_and_ten_rollbacks(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in FEW:  # as many processes as by default
        monkeypatch.delitem(shop.values, name, raising=False)
    before = shop.serves()
    tags = [shop.tag({"VARIATION": str(number)}) for number in range(TIMES)]
    # One more than are deployed, so that each rollback finds its release built. Before the load:
    # Nginx serves files of so many releases, and the reload closes connections that wrk counts.
    keep = str(TIMES + 2)
    shop.deploy(before, READYHOST_APP__KEEP_RELEASES=keep)
    with meanwhile(
        shop.ip, DOMAIN, PATH, CLIENTS, think=THINK, post=ITEM, timeout=PATIENCE
    ) as seen:
        for tag in tags:
            # The first as long as by default: both releases keep their connections meanwhile.
            watch = "20" if tag == tags[0] else "1"
            shop.deploy(tag, READYHOST_APP__KEEP_RELEASES=keep, READYHOST_APP__WATCH__SECONDS=watch)
        assert shop.serves() == tags[-1]
        for _ in tags:
            rollback(shop)
        assert shop.serves() == before

    assert seen.load
    assert [entry["tag"] for entry in record(shop)[-2 * TIMES :]] == [
        *tags, *reversed(tags[:-1]), before,
    ]  # fmt: skip
    assert seen.load.errors == 0, seen.load
    assert seen.load.requests > CLIENTS * 2 * TIMES, seen.load
