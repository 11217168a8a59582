"""Redis' memory, users and address."""

import hashlib
import re
import subprocess
from urllib.parse import unquote, urlsplit

import pytest
from pydantic import SecretStr, ValidationError

from roles.core.change import compare
from roles.core.entries import Entry, File, Kept, signature
from roles.core.machine import Machine
from roles.core.state import FileState, Present
from roles.redis import ASK, Redis, claimed_mb, maxmemory_mb, url
from roles.redis.files import entries as all_entries
from roles.redis.held import OPERATOR, USERS
from roles.redis.tuning import open_files
from roles.redis.users import commands

PASSWORD = "k7Qz:@/p%wd'19\"fG#xY2"
OWN = "6f" * 32  # the operator's


def redis(**values: object) -> Redis:
    return Redis.model_validate({"password": PASSWORD, **values})


def entries(settings: Redis, machine: Machine, *, keep: bool = False) -> list[Entry]:
    return all_entries(settings, machine, SecretStr(OWN), keep=keep)


def mark(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()


def users(settings: Redis, machine: Machine, *, keep: bool = False) -> list[str]:
    """The lines of the users' file."""
    files = {entry.path: entry for entry in entries(settings, machine, keep=keep)}
    file = files[USERS]
    assert isinstance(file, File)
    return file.data.decode().splitlines()


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
    for entry in entries(redis(), Machine.example())[1:]:
        assert isinstance(entry, File)
        text = entry.data.decode()
        assert PASSWORD not in text, entry.path
        if OWN in text:
            assert (entry.path, entry.mode, entry.secret) == ("/etc/redis/operator", 0o600, True)


def test_CACHE_01_the_users_file_has_fingerprints_and_nobody_gets_in_without_a_password() -> None:
    operator, default, application = users(redis(), Machine.example())
    assert operator == f"user operator on #{mark(OWN)} ~* +@all -@scripting +script|kill"
    rules = f"on #{mark(PASSWORD)} ~* +@all -@admin -@dangerous +info"
    assert application.startswith(f"user app {rules}")
    # Who says no name gets what the application gets, for the same password.
    assert default.removeprefix("user default ") == application.removeprefix("user app ")
    file = next(e for e in entries(redis(), Machine.example()) if e.path == USERS)
    assert isinstance(file, File)
    assert (file.secret, file.mode) == (True, 0o640)


def told(*passwords: str, user: str = "app") -> Machine:
    """A machine whose Redis has an operator, and a user with these passwords."""
    marks = " ".join(f"#{mark(password)}" for password in passwords)
    return Machine.example(
        told=(
            f"redis-operator {'c' * 64} {'d' * 64}",
            f"redis-user operator on #{'d' * 64} ~* +@all",
            "redis-user default off resetpass -@all",
            f"redis-user {user} on {marks} ~* +@all",
        )
    )


def test_CACHE_05_the_operator_that_a_host_has_outlives_any_password() -> None:
    files = {entry.path: entry for entry in entries(redis(), told("former"))}
    kept = files[OPERATOR]
    assert kept == Kept(OPERATOR, "c" * 64)
    assert (
        users(redis(), told("former"))[0]
        == f"user operator on #{'d' * 64} ~* +@all -@scripting +script|kill"
    )
    there = FileState({OPERATOR: Present("f", signature(kept))}, [OPERATOR])
    assert not compare([kept], there)


def test_SEC_01_who_is_no_longer_in_the_settings_reaches_no_more_than_before() -> None:
    """An application that leaves, in the run that gives another one a new password: its processes
    still run."""
    there = "on sanitize-payload #{} ~blog:* &blog:* +@all -@admin"
    machine = Machine.example(
        told=(
            f"redis-operator {'c' * 64} {'d' * 64}",
            f"redis-user blog {there.format(mark('former'))}",
            f"redis-user default off #{mark('nobody')} resetchannels -@all",
        )
    )
    kept = {line.split()[1]: line for line in users(redis(), machine, keep=True)}
    assert kept["blog"] == f"user blog on #{mark('former')} ~blog:* &blog:* +@all -@admin"


@pytest.mark.parametrize(
    "words",
    [
        "on #{} ~a:* -@all +get (~b:* -@all +set)",
        "on #{} ~* resetkeys ~a:* +@all",
        "on #{} ~* +@all nocommands +get",
        "off #{} ~* +@all",
        "on >a-password ~* +@all",
    ],
)
def test_CACHE_05_a_user_that_a_hand_wrote_is_not_taken_for_one_of_a_release(words: str) -> None:
    """Half of its words could keep Redis from starting, or be more than it had."""
    there = f"redis-user blog {words.format(mark('former'))}"
    machine = Machine.example(told=(f"redis-operator {'c' * 64} {'d' * 64}", there, "redis-user"))
    assert [line.split()[1] for line in users(redis(), machine, keep=True)] == [
        "operator",
        "default",
        "app",
    ]


def test_CACHE_05_former_passwords_stay_until_they_are_closed() -> None:
    both = users(redis(), told("former", PASSWORD), keep=True)
    assert [line.split(" ~")[0] for line in both[1:]] == [
        f"user default on #{mark(PASSWORD)}",
        f"user app on #{mark(PASSWORD)} #{mark('former')}",
    ]
    renamed = users(redis(user="shop"), told("former"), keep=True)
    assert renamed[-1].startswith(f"user app on #{mark('former')} ~")
    only = users(redis(), told("former", PASSWORD))
    assert [line.split(" ~")[0] for line in only[1:]] == [
        f"user default on #{mark(PASSWORD)}",
        f"user app on #{mark(PASSWORD)}",
    ]


def test_CACHE_05_a_bare_host_tells_nothing() -> None:
    said = subprocess.run(["sh", "-c", ASK], capture_output=True, text=True, check=False)
    assert said.stdout == ""


def test_what_each_release_understands() -> None:
    assert "+client|setname" in commands(redis(), (6, 0))
    assert "client|setname" not in commands(redis(), (7, 0))
    shared = redis()
    shared._prefix = "shop:"
    assert "client|" not in commands(shared, (7, 0))
    ends = "+info +client|list +flushdb"
    assert commands(redis(allow_commands=["flushdb"]), (7, 0)).endswith(ends)
    old = {e.path: e for e in entries(redis(), Machine.example("jammy"))}["/etc/redis/users.acl"]
    new = {e.path: e for e in entries(redis(), Machine.example("noble"))}["/etc/redis/users.acl"]
    assert isinstance(old, File)
    assert isinstance(new, File)
    assert b"&*" not in old.data
    assert new.data.count(b"&*") == 3


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


def test_who_counts_sees_no_key_and_gains_nothing_when_it_is_turned_off() -> None:
    found = all_entries(redis(), told("former"), SecretStr(OWN), metrics=SecretStr("f" * 64))
    lines = str({e.path: e for e in found}[USERS].content).splitlines()  # type: ignore[union-attr]
    mine = next(line for line in lines if line.startswith("user metrics "))
    assert "~" not in mine
    assert re.findall(r" \+(\S+)", mine) == [
        "info",
        "ping",
        "client|setname",
        "slowlog|len",
        "latency|latest",
    ]
    # A user that no setting names is of the live release, and keeps all it had: not this one.
    off = users(redis(), told("a-former-password", user="metrics"), keep=True)
    assert not any(line.startswith("user metrics ") for line in off)
    with pytest.raises(ValidationError):
        redis(user="metrics")
