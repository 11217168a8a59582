"""What the settings accept, and what is computed from them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from roles.backup.derived import (
    DAY,
    WEEK,
    Kept,
    ages,
    alone,
    definition,
    processes,
    repositories,
)
from roles.backup.role import arguments
from roles.backup.settings import Backup, Restore
from roles.core.machine import Machine
from roles.postgres import Cluster
from tests.unit.environments import LARGE, SECRETS

PASSPHRASE = SECRETS["backup"]


def backup(**values: object) -> Backup:
    return Backup.model_validate({"passphrase": PASSPHRASE, **values})


def test_a_bucket_without_a_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="must have a key and a secret"):
        backup(offsite={"bucket": "shop-backup"})


@pytest.mark.parametrize("path", ["relative", "/", "/a b", "/a'b", "/a/"])
def test_a_path_that_a_shell_or_an_engine_could_misread_is_refused(path: str) -> None:
    with pytest.raises(ValidationError):
        backup(paths=[path])


@pytest.mark.parametrize("cores, wanted", [(1, 1), (2, 1), (4, 2), (16, 4)])
def test_half_of_the_cores_compress(cores: int, wanted: int) -> None:
    assert processes(backup(), Machine.example(cores=cores)) == wanted
    assert processes(backup(processes=3), Machine.example(cores=cores)) == 3


def test_one_place_without_a_bucket_and_two_with_one() -> None:
    assert [each["name"] for each in repositories(backup())] == ["local"]
    local, offsite = repositories(LARGE.settings.backup)
    assert (local["number"], offsite["number"]) == (1, 2)
    assert offsite["restic"] == "s3:https://s3.storage.example:443/shop-backup/readyhost/files"
    assert offsite["options"][:2] == ["-o", "s3.region=eu-central-1"]
    assert not any("bucket-lookup" in each for each in offsite["options"])
    place = {**LARGE.settings.backup.offsite.model_dump(), "path_style": False}
    assert "s3.bucket-lookup=dns" in repositories(backup(offsite=place))[1]["options"]


def test_it_is_said_that_no_copy_is_away_until_one_is_or_that_is_accepted() -> None:
    (said,) = alone(backup())
    assert "backup.offsite.bucket" in said
    assert "backup.local_only" in said
    assert not alone(backup(local_only=True))
    for key in ("offsite", "mirror", "pull"):
        assert not alone(backup(**{key: LARGE.settings.backup.model_dump()[key]}))


def test_a_success_is_too_old_after_its_period_and_some_grace() -> None:
    found = ages(backup())
    assert DAY < found["database"] < 2 * DAY
    assert WEEK < found["drill"] < 8 * DAY
    assert ages(backup(files_schedule="0 3 * * 1"))["files"] > WEEK
    assert ages(backup(dump_schedule="0 3 1 * *"))["dump"] > 30 * DAY


def test_the_definition_holds_no_secret() -> None:
    offsite = LARGE.settings.backup.offsite
    assert offsite.key
    assert offsite.secret
    kept = Kept("shop", "/srv/shop/uploads", Cluster(14), 5432, ("shop",))
    text = str(definition(LARGE.settings.backup, kept))
    for secret in (offsite.key, offsite.secret, LARGE.settings.backup.passphrase):
        assert secret.get_secret_value() not in text


def test_a_restore_is_quoted_for_the_shell() -> None:
    wanted = Restore(to="2026-01-31 12:00:00", what="files", paths=("/srv/shop/uploads",))
    assert arguments(wanted) == (
        "files --to '2026-01-31 12:00:00' --from local --path /srv/shop/uploads"
    )


@pytest.mark.parametrize("to", ["", "-x", "a;b", "$(x)", "a\nb", "'"])
def test_a_moment_that_is_no_time_and_no_name_is_refused(to: str) -> None:
    with pytest.raises(ValidationError):
        Restore(to=to)
