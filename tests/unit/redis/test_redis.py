"""Redis' memory, users and address."""

import hashlib
from urllib.parse import unquote, urlsplit

import pytest
from pydantic import SecretStr, ValidationError

from roles.core.entries import File
from roles.core.machine import Machine
from roles.redis import Redis, claimed_mb, entries, maxmemory_mb, url
from roles.redis.tuning import open_files
from roles.redis.users import commands, operator_password

PASSWORD = "k7Qz:@/p%wd'19\"fG#xY2"


def redis(**values: object) -> Redis:
    return Redis.model_validate({"password": PASSWORD, **values})


@pytest.mark.parametrize(
    ("memory", "expected"), [(512, 64), (1024, 102), (4096, 409), (65_536, 6553), (262_144, 8192)]
)
def test_a_tenth_of_the_memory(memory: int, expected: int) -> None:
    assert maxmemory_mb(redis(), Machine.example(memory_mb=memory)) == expected


def test_a_set_size_is_taken_and_half_of_it_again_is_claimed() -> None:
    machine = Machine.example(memory_mb=4096)
    assert maxmemory_mb(redis(maxmemory_mb=1000), machine) == 1000
    assert claimed_mb(redis(maxmemory_mb=1000), machine) == 1500


def test_clients_have_their_descriptors_where_the_host_allows_them() -> None:
    assert open_files(redis(maxclients=1000), Machine.example()) == 1128
    assert open_files(redis(maxclients=50_000), Machine.example(open_files=20_000)) == 20_000


def test_the_address_survives_any_password() -> None:
    parts = urlsplit(url(redis(user="shop", port=6380)).get_secret_value())
    assert unquote(parts.password or "") == PASSWORD
    assert (parts.username, parts.hostname, parts.port, parts.path) == (
        "shop",
        "127.0.0.1",
        6380,
        "/0",
    )


def test_no_password_is_in_a_file_but_the_operators_own() -> None:
    settings = redis()
    secret = operator_password(settings).get_secret_value()
    for entry in entries(settings, Machine.example()):
        assert isinstance(entry, File)
        text = entry.data.decode()
        assert PASSWORD not in text, entry.path
        if secret in text:
            assert (entry.path, entry.mode, entry.secret) == ("/etc/redis/operator", 0o600, True)


def test_the_users_file_has_fingerprints_and_no_default_user() -> None:
    files = {entry.path: entry for entry in entries(redis(), Machine.example())}
    users = files["/etc/redis/users.acl"]
    assert isinstance(users, File)
    default, operator, application = users.data.decode().splitlines()
    assert default == "user default off resetpass -@all"
    assert operator.startswith("user operator on #")
    digest = hashlib.sha256(PASSWORD.encode()).hexdigest()
    assert application.startswith(f"user app on #{digest} ~* +@all -@admin -@dangerous +info")
    assert users.secret
    assert users.mode == 0o640


def test_the_operators_password_follows_the_applications() -> None:
    other = Redis(password=SecretStr("another-Str0ng-passw0rd-91"))
    assert operator_password(redis()) == operator_password(redis())
    assert operator_password(redis()) != operator_password(other)


def test_what_each_release_understands() -> None:
    assert "+client|setname" in commands(redis(), (6, 0))
    assert "client|" not in commands(redis(), (7, 0))
    assert commands(redis(allow_commands=["flushdb"]), (7, 0)).endswith("+info +flushdb")
    old = {e.path: e for e in entries(redis(), Machine.example("jammy"))}["/etc/redis/users.acl"]
    new = {e.path: e for e in entries(redis(), Machine.example("noble"))}["/etc/redis/users.acl"]
    assert isinstance(old, File)
    assert isinstance(new, File)
    assert b"&*" not in old.data
    assert new.data.count(b"&*") == 2


@pytest.mark.parametrize(
    "values",
    [
        {"user": "default"},
        {"user": "operator"},
        {"user": "a b"},
        {"allow_commands": ["flushdb +@all"]},
        {"maxmemory_policy": "never"},
        {"maxmemory_mb": 1},
        {"port": 80},
        {"password": "short"},
    ],
)
def test_a_wrong_value_is_refused(values: dict) -> None:
    with pytest.raises(ValidationError):
        redis(**values)
