"""An upgrade of readyhost that comes while a switch is not finished."""

from __future__ import annotations

import json

import pytest

from tests.host.application import NAME, live

from .shop import Shop
from .test_watch import kill_while_watched, left, record

ETC = f"/etc/{NAME}"


@pytest.mark.timeout(300)
def test_REL_04_a_switch_that_an_earlier_version_left_is_finished(shop: Shop) -> None:
    """Its note has the name that the earlier version gave it."""
    tag = shop.tag()
    kill_while_watched(shop, tag)
    shop.ssh(f"mv {ETC}/pending.json {ETC}/trial.json")
    assert record(shop)[-1]["tag"] != tag
    found = json.loads(shop.ssh(f"{NAME}-release status"))
    assert "the switch to it is not finished" in found["why"]
    shop.deploy(tag)
    assert (record(shop)[-1]["tag"], record(shop)[-1]["outcome"]) == (tag, "live")
    other = {"blue": "green", "green": "blue"}[live(shop)]
    assert shop.ssh(left(other)) == ""
    assert shop.run(f"ls {ETC}/trial.json {ETC}/pending.json").stdout == ""
    assert json.loads(shop.ssh(f"{NAME}-release status"))["due"] == ""
