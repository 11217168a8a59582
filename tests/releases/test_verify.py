"""What was changed by a hand since it was built is seen, named, not used again, and built anew."""

from __future__ import annotations

import json

import pytest

from tests.host.application import NAME

from .going_back import listed, rollback
from .shop import Shop


def folder(shop: Shop) -> str:
    return shop.ssh(f"readlink -f /srv/{NAME}/current")


def verify(shop: Shop) -> str:
    """What the weekly look says."""
    done = shop.run("systemctl start app_verify")
    said = shop.ssh(
        "journalctl -q -o cat _SYSTEMD_INVOCATION_ID=$(systemctl show -P InvocationID app_verify)"
    )
    assert bool(done.returncode) == ("are as they were built" not in said), said
    shop.ssh("systemctl reset-failed")
    return said


@pytest.mark.timeout(300)
def test_SEC_02_a_build_that_was_changed_is_named_and_built_anew(shop: Shop) -> None:
    first, second, before = shop.serves(), shop.tag({"VARIATION": "b"}), folder(shop)
    shop.deploy(second)
    assert "are as they were built" in verify(shop)
    assert "app_verify.timer" in shop.ssh("systemctl list-timers --no-legend")

    # The one before: seen when it is about to be used, and built anew by the very same run.
    shop.ssh(f"echo '# planted' >> {before}/Procfile")
    refused = shop.run(f"{NAME}-release rollback")
    assert f"{first} is no longer on this host as it was built" in refused.stderr
    assert listed(shop)[first]["state"] == "previous, damaged"
    assert "it is built again" in rollback(shop).stdout
    assert (shop.serves(), folder(shop) != before) == (first, True)
    assert "planted" not in shop.ssh(f"cat {folder(shop)}/Procfile")

    # The live one, and the kept dependencies: seen weekly or on demand.
    kept = shop.ssh(f"ls -d /srv/{NAME}/installed/*/").split()[0].rstrip("/")
    library = "$(find {} -name '*.py' -o -name '*.js' | sort | head -n 1)"
    shop.ssh(f"rm {library.format(f'{folder(shop)}/.venv {folder(shop)}/node_modules')}")
    shop.ssh(f"echo '# planted' >> {library.format(kept)}")
    said = verify(shop)
    assert f"{first}: {folder(shop)} is not as it was built" in said
    assert f"{kept} is not as it was installed" in said
    assert json.loads(shop.ssh(f"{NAME}-release status"))["built"] is False
    run = shop.deploy(first)
    assert f"{first} is built again because its folder is not as it was built" in run.stdout
    assert shop.serves() == first
    assert "are as they were built" in verify(shop)
    assert listed(shop)[first]["state"] == "live"
    assert json.loads(shop.ssh(f"{NAME}-release status"))["due"] == ""
