"""A red team that stays: each attack is tried on the host as it is, where none works, and with what
stops it taken out (OPEN=yes), where each does. docs/red-team.md says how one is added."""

from __future__ import annotations

import pytest

from tests.host.conftest import Host

from . import (
    in_application,
    in_application_access,
    in_application_services,
    in_audit,
    in_build,
    in_database,
    in_database_others,
    in_services,
    in_upload,
    on_sibling,
    on_site,
    with_account,
)
from .attack import Attack, Outside
from .conftest import Result, Tried, by_name, opened

IN_APPLICATION = (
    *in_application.ATTACKS,
    *in_application_services.ATTACKS,
    *in_application_access.ATTACKS,
)
IN_DATABASE = (*in_database.ATTACKS, *in_database_others.ATTACKS)


def require(result: Result, is_open: bool) -> None:
    """That an attack did what it should: nothing, or all if the host is open to it."""
    assert not result["wrong"], result["wrong"]
    if is_open:
        assert result["worked"], f"it proves nothing: {result['said']}"
    else:
        assert not result["worked"], f"it worked: {result['said']}"


def of_its_own(box: Host, attack: Attack | Outside) -> None:
    if attack.only not in ("", box.example):
        pytest.skip(f"of {attack.only}")


@pytest.mark.parametrize(("attack", "is_open"), by_name(IN_APPLICATION))
def test_SEC_08_in_the_application(box: Host, tried: Tried, attack: Attack, is_open: bool) -> None:
    of_its_own(box, attack)
    require(tried("unit", IN_APPLICATION, is_open)[attack.name], is_open)


@pytest.mark.parametrize(("attack", "is_open"), by_name(in_services.ATTACKS))
def test_SEC_08_in_a_service(box: Host, tried: Tried, attack: Attack, is_open: bool) -> None:
    of_its_own(box, attack)
    require(tried("unit", in_services.ATTACKS, is_open)[attack.name], is_open)


@pytest.mark.parametrize(("attack", "is_open"), by_name(in_build.ATTACKS))
def test_SEC_08_in_a_build(box: Host, tried: Tried, attack: Attack, is_open: bool) -> None:
    of_its_own(box, attack)
    require(tried("build", in_build.ATTACKS, is_open)[attack.name], is_open)


@pytest.mark.parametrize(("attack", "is_open"), by_name(in_audit.ATTACKS))
def test_SEC_08_in_an_audit(box: Host, tried: Tried, attack: Attack, is_open: bool) -> None:
    require(tried("audit", in_audit.ATTACKS, is_open)[attack.name], is_open)


@pytest.mark.parametrize(("attack", "is_open"), by_name(with_account.ATTACKS))
def test_SEC_08_with_an_account(box: Host, tried: Tried, attack: Attack, is_open: bool) -> None:
    require(tried("account", with_account.ATTACKS, is_open)[attack.name], is_open)


@pytest.mark.parametrize(("attack", "is_open"), by_name(IN_DATABASE))
def test_SEC_08_in_the_database(box: Host, tried: Tried, attack: Attack, is_open: bool) -> None:
    of_its_own(box, attack)
    require(tried("database", IN_DATABASE, is_open)[attack.name], is_open)


@pytest.mark.parametrize(
    ("attack", "is_open"),
    by_name((*in_upload.ATTACKS, *on_site.ATTACKS, *on_sibling.ATTACKS)),
)
def test_SEC_08_over_the_network(box: Host, attack: Outside, is_open: bool) -> None:
    of_its_own(box, attack)
    with opened(box, attack.stopped_by if is_open else ()):
        assert attack.tries(box) == is_open, "it proves nothing" if is_open else "it worked"
