"""Values under the application's own names."""

from __future__ import annotations

from pydantic import SecretStr

from roles.app import names
from roles.rules.known import known
from tests.unit.environments import MINIMAL, settings

VALUES: dict[str, str | SecretStr] = {
    "domain": "shop.example",
    "database.url": SecretStr("postgresql://shop:a%40b@127.0.0.1:6432/shop"),
    "redis.password": SecretStr("a@b/c"),
}


def plain(text: str) -> str:
    value = names.resolve(text, VALUES)
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def test_APP_12_a_value_in_any_scheme_and_place() -> None:
    assert plain("{database.url:postgresql+asyncpg}") == (
        "postgresql+asyncpg://shop:a%40b@127.0.0.1:6432/shop"
    )
    assert plain("{redis.password}") == "a@b/c"
    assert plain("redis://:{redis.password:url}@cache/0") == "redis://:a%40b%2Fc@cache/0"
    assert plain("{{{domain}}}") == "{shop.example}"


def test_APP_12_what_has_a_secret_in_it_is_one() -> None:
    assert isinstance(names.resolve("x{redis.password}", VALUES), SecretStr)
    assert names.resolve("https://{domain}/", VALUES) == "https://shop.example/"


def test_APP_12_every_value_that_may_be_asked_for_is_there() -> None:
    own = {"environment", "release", "commit", "secret_key", "uploads"}
    of = settings(
        postgres={"source": "external", "external": {"url": "postgresql://u:p@db.example/shop"}},
        redis={"source": "external", "external": {"url": "rediss://u:p@cache.example/0"}},
        app={
            "mongodb": {"uri": "mongodb+srv://u:p@db.example/shop"},
            "storage": {"bucket": "shop", "key": "a", "secret": "b"},
        },
    )
    elsewhere = {key for key in names.KEYS if key.startswith(("mongodb.", "storage."))}
    elsewhere |= {"database.ca_file", "redis.ca_file"}
    assert set(known(MINIMAL.settings)) | own == names.KEYS - elsewhere
    assert set(known(of)) | own == names.KEYS


def test_APP_12_a_way_past_the_pool_is_for_release_steps_alone() -> None:
    wanted = {"A": "{database.url}", "DIRECT_URL": "{database.direct.url}"}
    assert set(names.of_all(wanted)) == {"A"}
    assert set(names.of_release_steps(wanted)) == {"DIRECT_URL"}


def test_APP_12_a_build_sees_no_secret_of_them() -> None:
    seen = names.placeholders({"Redis_Url": "{redis.url:rediss}"}, {"STRIPE_KEY": object()})
    assert seen["Redis_Url"] == "rediss://build:build@127.0.0.1:1/0"
    assert seen["DATABASE_URL"] == "postgresql://build:build@127.0.0.1:1/build"
    assert seen["SECRET_KEY"] == seen["STRIPE_KEY"] == names.GUARDS_NOTHING
