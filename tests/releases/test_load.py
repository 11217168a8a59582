"""Ten deploys and ten rollbacks while 200 clients ask and post, and repeat nothing themselves."""

from __future__ import annotations

import pytest

from tests.host.conftest import DOMAIN
from tests.support.wrk import Load, meanwhile, wrk

from .going_back import record, rollback
from .shop import Shop

CLIENTS = 200
PATH = "/items"
ITEM = '{"name": "posted under load"}'
TIMES = 10
QUIET = 8  # seconds
# One more than are deployed, so that each rollback finds its release built.
KEEP = str(TIMES + 2)


@pytest.mark.timeout(1200)
def test_REL_03_no_request_is_lost_in_ten_deploys_and_ten_rollbacks(shop: Shop) -> None:
    before = shop.serves()
    tags = [shop.tag({"VARIATION": str(number)}) for number in range(TIMES)]
    quiet = [ask(shop)]
    with meanwhile(shop.ip, DOMAIN, PATH, CLIENTS, post=ITEM) as seen:
        for tag in tags:
            shop.deploy(tag, READYHOST_APP__KEEP_RELEASES=KEEP)
        assert shop.serves() == tags[-1]
        for _ in tags:
            rollback(shop)
        assert shop.serves() == before
    quiet.append(ask(shop))

    assert seen.load
    assert [entry["tag"] for entry in record(shop)[-2 * TIMES :]] == [
        *tags, *reversed(tags[:-1]), before,
    ]  # fmt: skip
    print(f"quiet: {quiet}\nmeanwhile: {seen.load}")
    assert seen.load.errors == 0, seen.load
    assert [load.errors for load in quiet] == [0, 0]
    # On a machine that others use, quiet running is not the same all the time.
    assert seen.load.p99 <= 2 * max(load.p99 for load in quiet), (quiet, seen.load)


def ask(shop: Shop) -> Load:
    """The same clients while nothing else happens."""
    return wrk(shop.ip, DOMAIN, PATH, CLIENTS, QUIET, post=ITEM)
