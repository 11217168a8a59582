"""Addresses of services elsewhere: what is taken, what is refused, and that no secret is said."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from roles.external import urls

SECRET = "pa%3Ass%2Fword-5fd1"


def test_DB_11_a_database() -> None:
    place = urls.database(SecretStr(f"postgresql://team:{SECRET}@db.example/shop?sslmode=require"))
    assert (place.host, place.port, place.user, place.name) == ("db.example", 5432, "team", "shop")
    assert place.password.get_secret_value() == "pa:ss/word-5fd1"


def test_DB_11_redis_without_a_user() -> None:
    place = urls.redis(SecretStr(f"rediss://:{SECRET}@cache.example:6380/2"))
    assert (place.user, place.port, place.name) == ("default", 6380, "2")


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("database", "mysql://team:{}@db.example/shop"),
        ("database", "postgresql://team:{}@db.example/shop?sslmode=disable"),
        ("database", "postgresql://team:{}@db.example/shop?sslmode=prefer"),
        ("database", "postgresql://team:{}@db.example/shop?options=-c"),
        ("database", "postgresql://team:{}@db.example/"),
        ("database", "postgresql://team:{}@db.example:port/shop"),
        ("database", "postgresql://:{}@db.example/shop"),
        ("redis", "redis://u:{}@cache.example/0"),
        ("redis", "rediss://u:{}@cache.example/zero"),
        ("redis", "rediss://u:{}@cache.example/0?ssl_cert_reqs=none"),
        ("mongo", "mongodb://u:{}@db.example/shop"),
        ("mongo", "mongodb+srv://u:{}@db.example/shop?tls=false"),
        ("mongo", "mongodb+srv://u:{}@db.example/shop?tlsInsecure=true"),
        ("mongo", "mongodb+srv://u:{}@db.example/shop?maxPoolSize=100"),
        ("mongo", "mongodb+srv://db.example/shop"),
    ],
)
def test_DB_11_less_than_verified_tls_is_refused(kind: str, url: str) -> None:
    with pytest.raises(ValueError) as error:
        getattr(urls, kind)(SecretStr(url.format(SECRET)))
    assert SECRET not in str(error.value)
    assert "word-5fd1" not in str(error.value)


def test_DB_11_an_address_of_mongodb_keeps_what_it_says() -> None:
    uri = SecretStr(f"mongodb+srv://u:{SECRET}@db.example/shop?retryWrites=true")
    urls.mongo(uri)
    said = urls.with_query(uri, maxPoolSize="10", tlsCAFile="/etc/ssl/x.pem").get_secret_value()
    assert said.endswith("/shop?retryWrites=true&maxPoolSize=10&tlsCAFile=/etc/ssl/x.pem")
