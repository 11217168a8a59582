"""Ten deploys and ten rollbacks while 200 clients ask and post, and repeat nothing themselves."""

from __future__ import annotations

import pytest

from tests.host.conftest import DOMAIN
from tests.support.wrk import Load, meanwhile, wrk

from .going_back import record, rollback, share_of_the_machine
from .shop import Shop

CLIENTS = 200
PATH = "/items"
ITEM = '{"name": "posted under load"}'
THINK = 1000  # milliseconds, on average
TIMES = 10
QUIET = 8  # seconds
PATIENCE = 60  # seconds; slow on a busy machine is not lost
# One more than are deployed, so that each rollback finds its release built.
KEEP = str(TIMES + 2)


@pytest.mark.timeout(1200)
def test_REL_03_no_request_is_lost_in_ten_deploys_and_ten_rollbacks(shop: Shop) -> None:
    before = shop.serves()
    tags = [shop.tag({"VARIATION": str(number)}) for number in range(TIMES)]
    quiet, share = [ask(shop)], [share_of_the_machine()]
    with meanwhile(
        shop.ip, DOMAIN, PATH, CLIENTS, think=THINK, post=ITEM, timeout=PATIENCE
    ) as seen:
        for tag in tags:
            shop.deploy(tag, READYHOST_APP__KEEP_RELEASES=KEEP)
        assert shop.serves() == tags[-1]
        for _ in tags:
            rollback(shop)
        assert shop.serves() == before
    share.append(share_of_the_machine())
    quiet.append(ask(shop))

    assert seen.load
    assert [entry["tag"] for entry in record(shop)[-2 * TIMES :]] == [
        *tags, *reversed(tags[:-1]), before,
    ]  # fmt: skip
    print(f"quiet: {quiet}\nmeanwhile: {seen.load}\nshare of the machine: {share}")
    assert seen.load.errors == 0, seen.load
    assert [load.errors for load in quiet] == [0, 0]
    # Twice that of quiet running, on a machine that does nothing else.
    bound = 2 * max(load.p99 for load in quiet) / min(share)
    assert seen.load.p99 <= bound, (quiet, share, seen.load)


def ask(shop: Shop) -> Load:
    """The same clients while nothing else happens."""
    return wrk(shop.ip, DOMAIN, PATH, CLIENTS, QUIET, think=THINK, post=ITEM)
