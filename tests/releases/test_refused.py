"""Tags that are refused before anything is changed on a host."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.host.application import live, pid, units
from vagrant.example import git

from .going_back import record
from .shop import Shop

FILES = "find /etc /srv/app -xdev -newer /run/before ! -path '*/uploads/*' -type f | head"


def refused(shop: Shop, tag: str, **values: str) -> str:
    """What a deploy says that must fail; nothing of the host has changed."""
    before = live(shop), [pid(shop, unit) for unit in units(shop, "web")], record(shop)
    shop.ssh("touch /run/before")
    run = shop.deploy(tag, check=False, **values)
    assert run.returncode != 0
    assert "Traceback" not in run.stdout
    assert (live(shop), [pid(shop, unit) for unit in units(shop, "web")], record(shop)) == before
    assert shop.ssh(FILES) == ""
    return run.stdout


def test_REL_01_a_tag_that_was_moved_is_refused(shop: Shop) -> None:
    tag = shop.tag({"VARIATION": "first"})
    shop.deploy(tag)
    first = git(shop.repository, "rev-parse", tag)
    git(shop.repository, "commit", "-q", "--allow-empty", "-m", "another")
    git(shop.repository, "tag", "-f", tag)
    second = git(shop.repository, "rev-parse", tag)
    said = refused(shop, tag)
    assert f"the tag {tag} was {first[:12]} when" in said
    assert f"and is {second[:12]} now" in said
    git(shop.repository, "tag", "-f", tag, first)


def test_SEC_05_a_package_without_a_digest_is_refused_when_asked_for(shop: Shop) -> None:
    tag = shop.tag({"VARIATION": "loose"})
    said = refused(shop, tag, READYHOST_APP__BUILD__REQUIRE_HASHES="true")
    assert "app.build.require_hashes is set" in said
    shop.deploy(tag)


def test_REL_01_only_signed_tags_when_asked_for(shop: Shop, tmp_path: Path) -> None:
    key = tmp_path / "alice"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    signed_by = key.with_suffix(".pub").read_text().strip()
    tag = shop.tag({"VARIATION": "unsigned"})
    said = refused(shop, tag, READYHOST_APP__SIGNED_BY=signed_by)
    assert f"the tag {tag} is not signed by anybody in app.signed_by" in said
    ssh = ["-c", "gpg.format=ssh", "-c", f"user.signingkey={key}"]
    git(shop.repository, *ssh, "tag", "-f", "-s", "-m", tag, tag)
    shop.deploy(tag, READYHOST_APP__SIGNED_BY=signed_by)
    assert shop.serves() == tag
