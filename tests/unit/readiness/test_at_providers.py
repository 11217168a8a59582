"""What is at a provider is in no backup of the host, and each line about backups says so."""

from __future__ import annotations

import json
import time
from typing import Any

from readiness.inside import found, looks
from readiness.outcome import Finding, Outcome
from settings import Settings
from tests.unit.environments import STANDARD, settings
from tests.unit.environments.several import SHOP, several

EXTERNAL = {
    "source": "external",
    "external": {"url": "postgresql://u:p4ssw0rd-of-others@db.example/shop", "connections": 50},
}
MONGODB = {"uri": "mongodb+srv://u:p4ssw0rd-of-others@m.example/shop"}
BUCKET = {"bucket": "shop-uploads", "key": "AKIAEXAMPLE", "secret": "secret-of-the-bucket-7b1f"}


def finding(given: Settings, id: str) -> Finding:
    """What is found of a line on a host whose own backups are all good."""
    good = {"outcome": "ok", "success": time.time()}
    state = {"last": dict.fromkeys(("database", "files"), good), "ages": {}, "prepared": 1}
    (look,) = (each for each in looks(given) if each.id == id)
    return found(look, [json.dumps(state), "-- status 0"])


def mongo(**values: Any) -> Settings:
    return settings(postgres={"source": "none"}, app={"mongodb": MONGODB, **values})


def test_the_only_database_is_mongodb() -> None:
    for id in ("BAK-01", "BAK-02"):
        one = finding(mongo(), id)
        assert one.outcome is Outcome.UNWANTED
        assert one.evidence == "app.mongodb.uri is set: backups are the provider's"
    assert "provider" not in finding(settings(postgres={"source": "none"}), "BAK-01").evidence


def test_a_good_backup_of_the_host_is_not_taken_for_one_of_all() -> None:
    shop = {"database": {**SHOP["database"], **EXTERNAL}}
    one = finding(several(shop=shop, blog={"mongodb": MONGODB}), "BAK-01")
    assert one.outcome is Outcome.TRUE
    both = "apps.shop.database.source is external, apps.blog.mongodb.uri is set"
    assert one.evidence == f"the last one is good; {both}: backups are the provider's"
    assert finding(STANDARD.settings, "BAK-01").evidence == "the last one is good"


def test_uploads_in_a_bucket_are_in_no_backup_either() -> None:
    one = finding(settings(app={"storage": BUCKET}), "BAK-03")
    assert one.outcome is Outcome.TRUE
    assert "app.storage.bucket is set: backups are the provider's" in one.evidence
