"""Names and values that try to get out of their quotes."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from roles.postgres import Postgres, url
from roles.postgres.quoting import connect, identifier, literal

EVIL = "a'; DROP--\"b\\c %d"


def test_each_language_has_its_quotes() -> None:
    assert identifier('a"b') == '"a""b"'
    assert literal("it's \\n") == "'it''s \\n'"
    assert connect("x") == "\\connect -reuse-previous=on \"dbname='x'\""
    assert connect("a'b\\\"") == '\\connect -reuse-previous=on "dbname=\'a\\\'b\\\\""\'"'


def test_the_url_gives_back_every_part() -> None:
    password = "p/w@d:%?#[]&=+ '\"\\Kq7".replace(" ", "")
    settings = Postgres(password=password, user=EVIL, database="shop-1")
    found = url(settings, 6432)
    assert password not in str(found)
    parts = urlsplit(found.get_secret_value())
    assert (parts.scheme, parts.hostname, parts.port) == ("postgresql", "127.0.0.1", 6432)
    assert unquote(parts.username or "") == EVIL
    assert unquote(parts.password or "") == password
    assert parts.path == "/shop-1"
    assert not parts.query
    assert url(settings).get_secret_value().startswith("postgresql://a%27")
    assert urlsplit(url(settings).get_secret_value()).port == 5432
