"""What each of several applications sees of the settings, and what they may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.applications import chosen, own_keys
from roles.backup import KeptApp, Restore, of_one
from roles.core.environment import Conflict
from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.handed.backed_up import kept_apps
from roles.rules import RULES, check_host
from settings import Settings, load
from tests.unit.environments.model import settings
from tests.unit.environments.several import BLOG, MACHINE, RELEASES, SHOP, plan_of_several, several


def conflicts(wanted: Settings) -> list[Conflict]:
    return [conflict for rule in RULES for conflict in rule(wanted)]


def test_APP_13_the_short_form_is_its_own_only_view() -> None:
    alone = settings()
    assert alone.applications == (alone,)
    assert alone.host is alone
    assert alone.app.alone
    assert alone.app.share == 100


def test_APP_13_each_sees_its_own() -> None:
    shop, blog = several().applications
    assert (shop.domain, blog.domain) == ("shop.example", "blog.example")
    assert (shop.app.name, shop.postgres.database, shop.redis.user) == ("shop", "shop", "shop")
    assert blog.redis.prefix == "blog:"
    assert blog.postgres.password.get_secret_value() == BLOG["database"]["password"]
    assert shop.app.secret_key.get_secret_value() == SHOP["secret_key"]


def test_APP_13_budgets_are_shared() -> None:
    shop, blog = several().applications
    assert (shop.app.memory_share_percent, blog.app.memory_share_percent) == (30, 20)
    assert (shop.pgbouncer.pool_size, blog.pgbouncer.pool_size) == (48, 32)
    assert (shop.app.database_pool, blog.app.database_pool) == (24, 16)
    assert not conflicts(several())


def test_APP_13_no_file_of_one_has_a_secret_of_the_other() -> None:
    plan = plan_of_several()
    for role, other in (("app-shop", BLOG), ("app-blog", SHOP)):
        secrets = (other["secret_key"], other["database"]["password"], other["redis"]["password"])
        for entry in plan.files(role):
            text = getattr(entry, "data", b"").decode()
            assert not [secret for secret in secrets if secret in text], entry.path


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        (
            several(shop={"share_percent": 70}, blog={"share_percent": 40}),
            "apps.blog.share_percent",
        ),
        (several(shop={"share_percent": 98}), "apps.shop.share_percent"),
        (several(shop={"database_pool": 50}), "apps.shop.database_pool"),
        (several(blog={"domain": "www.shop.example"}), "apps.blog.domain"),
        (
            several(blog={"database": {**BLOG["database"], "name": "shop"}}),
            "apps.blog.database.name",
        ),
        (
            several(blog={"database": {**BLOG["database"], "user": "shop_b"}}),
            "apps.blog.database.user",
        ),
        (several(app={"tag": "v1.0.0"}), "app.tag"),
        (several(domain="shop.example"), "domain"),
        (several(application="other"), "application"),
        (several(apps={"nginx": SHOP}), "apps.nginx"),
        (several(apps={"operator": SHOP}), "apps.operator"),
    ],
)
def test_APP_13_what_can_not_be_names_the_users_key(wanted: Settings, key: str) -> None:
    assert key in [key for conflict in conflicts(wanted) for key in conflict.keys]


@pytest.mark.parametrize("name", ["shop-admin", "Shop", "shop_b", "9", "a" * 21])
def test_APP_13_no_name_reaches_into_another_ones_units(name: str) -> None:
    with pytest.raises(ValueError, match=r"pattern|at most"):
        several(apps={name: SHOP})


def test_APP_13_memory_is_added_up_before_a_host_is_touched() -> None:
    small = Machine.example("jammy", cores=2, memory_mb=1024)
    with pytest.raises(OperatorError, match=r"apps\.blog\.memory_share_percent"):
        check_host(several(blog={"memory_share_percent": 80}), small, RELEASES)
    check_host(several(), MACHINE, RELEASES)


def test_APP_13_a_release_that_does_not_fit_names_the_users_key() -> None:
    with pytest.raises(OperatorError, match=r"apps\.shop\.web\.instances"):
        check_host(several(shop={"web": {"instances": 60}}), MACHINE, RELEASES)
    assert (
        own_keys("set app.kind; myapp.x app: y", "shop")
        == "set apps.shop.kind; myapp.x apps.shop: y"
    )


def test_APP_13_one_that_is_gone_is_stopped_and_nothing_else() -> None:
    machine = Machine.example(
        "jammy", cores=2, memory_mb=4096, told=("manifest app-old", "manifest app-shop")
    )
    names = [step.name for step in plan_of_several(machine=machine).steps]
    assert [name for name in names if "old" in name.split()] == [
        "App | old is stopped: the settings do not name it any more",
        "App | no unit of old",
    ]
    # or the next run, which has nothing of it to do, would change what the host knows of this one
    steps = [step for step in plan_of_several(machine=machine).steps if "old" in step.name.split()]
    assert [step.wants() for step in steps] == ["", ""]


def test_APP_13_a_command_for_one_wants_its_name() -> None:
    assert chosen(several(application="blog")).app.name == "blog"
    with pytest.raises(OperatorError, match="there are shop, blog"):
        chosen(several())
    one = several()
    assert chosen(one.model_copy(update={"apps": {"blog": one.apps["blog"]}})).app.name == "blog"


def test_APP_13_a_restore_of_one_takes_nothing_of_the_other() -> None:
    apps = kept_apps(several())
    assert apps[1] == KeptApp("blog", "/srv/blog/uploads", "blog")
    assert of_one(Restore(what="dump"), apps, "blog").database == "blog"
    assert of_one(Restore(what="files"), apps, "blog").paths == ("/srv/blog/uploads",)
    for wrong in (
        Restore(what="database"),
        Restore(what="dump", database="shop"),
        Restore(what="files", paths=("/srv/blog/uploads-of-shop",)),
    ):
        with pytest.raises(OperatorError):
            of_one(wrong, apps, "blog")


TOML = """
[apps.shop]
repository = "/srv/git/shop.git"
domain = "shop.example"
[apps.blog]
repository = "/srv/git/blog.git"
domain = "blog.example"
"""
ENV = "".join(
    f"READYHOST_APPS__{name.upper()}__{key}={secret}\n"
    for name, values in (("shop", SHOP), ("blog", BLOG))
    for key, secret in (
        ("SECRET_KEY", values["secret_key"]),
        ("DATABASE__PASSWORD", values["database"]["password"]),
        ("REDIS__PASSWORD", values["redis"]["password"]),
    )
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "prod.toml").write_text(TOML)
    (tmp_path / "prod.env").write_text(
        ENV + f"READYHOST_BACKUP__PASSPHRASE={SHOP['secret_key'][::-1]}\n"
    )
    (tmp_path / "prod.env").chmod(0o600)
    return tmp_path


def test_APP_13_files_and_data_name_the_application(folder: Path) -> None:
    shop, blog = load("prod", folder, data=["shop.tag=v1.4.2"]).applications
    assert (shop.app.tag, blog.app.tag) == ("v1.4.2", None)
    named = load("prod", folder, data=["application=blog", "tag=v2"])
    assert [view.app.tag for view in named.applications] == [None, "v2"]
    with pytest.raises(OperatorError, match=r"each application has its own: apps\.NAME\.tag"):
        load("prod", folder, data=["tag=v1.4.2"])


def test_APP_13_a_missing_secret_is_named_as_its_variable(folder: Path) -> None:
    text = (folder / "prod.env").read_text()
    lines = [line for line in text.splitlines() if "BLOG__REDIS" not in line]
    (folder / "prod.env").write_text("\n".join(lines) + "\n")
    with pytest.raises(OperatorError, match="READYHOST_APPS__BLOG__REDIS__PASSWORD"):
        load("prod", folder, data=[])


def test_APP_13_secrets_without_their_table_are_said_where_they_stand(folder: Path) -> None:
    (folder / "prod.toml").write_text(TOML.partition("[apps.blog]")[0])
    line = 1 + (folder / "prod.env").read_text().splitlines().index(
        f"READYHOST_APPS__BLOG__SECRET_KEY={BLOG['secret_key']}"
    )
    with pytest.raises(OperatorError) as raised:
        load("prod", folder, data=[])
    assert (
        str(raised.value)
        .splitlines()[-1]
        .strip()
        .endswith(
            f"prod.env:{line}: READYHOST_APPS__BLOG__SECRET_KEY: is for [apps.blog], a table that"
            f" {folder}/prod.toml does not have: write it there, or leave this out"
        )
    )
    assert "repository" not in str(raised.value), "what a line of shop's does not lack"
    assert BLOG["secret_key"] not in str(raised.value)


def test_APP_13_a_table_that_is_there_is_told_what_it_lacks(folder: Path) -> None:
    (folder / "prod.toml").write_text(TOML.replace('domain = "blog.example"\n', ""))
    with pytest.raises(OperatorError, match=r"prod\.toml:5: apps\.blog\.domain: is missing"):
        load("prod", folder, data=[])
