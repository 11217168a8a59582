"""Wrong input: each error in one line, all at once, with the key as it was written."""

from __future__ import annotations

import pytest

from .conftest import TOML, Files

CASES = {
    "unknown key": (
        "[postgres]\nmax_connection = 5\n",
        "test.toml:5: postgres.max_connection: is unknown; did you mean postgres.max_connections?",
    ),
    "a name without its unit, as before 0.2": (
        "[ssh]\nwait = 5\n",
        "test.toml:5: ssh.wait: is unknown; did you mean ssh.wait_seconds?",
    ),
    "the same in a table with a name of its own": (
        '[app.workers.mail]\ncommand = "x"\nmemory_max = 64\n',
        "test.toml:6: app.workers.mail.memory_max: is unknown; did you mean"
        " app.workers.mail.memory_max_mb?",
    ),
    "unknown table": (
        "[postgress]\nport = 5432\n",
        "test.toml:4: postgress: is unknown; did you mean postgres?",
    ),
    "key of another table": (
        "[nginx]\nshared_bufers = 1\nmaxmemory_policy = 1\n",
        "test.toml:6: nginx.maxmemory_policy: is unknown; did you mean redis.maxmemory_policy?",
    ),
    "number out of range": (
        "[redis]\n\n# a comment\nport = 80\n",
        "test.toml:7: redis.port: must be a whole number from 1024 to 65535",
    ),
    "number that is none": (
        '[redis]\nport = "many"\n',
        "test.toml:5: redis.port: must be a whole number from 1024 to 65535",
    ),
    "optional number out of range": (
        "[redis]\nmaxmemory_mb = 1\n",
        "test.toml:5: redis.maxmemory_mb: must be a whole number from 32 to 1048576",
    ),
    "choice": (
        '[redis]\nappendfsync = "never"\n',
        "test.toml:5: redis.appendfsync: must be one of everysec, always",
    ),
    "boolean": ('[nginx]\nhttp2 = "perhaps"\n', "test.toml:5: nginx.http2: must be true or false"),
    "scalar instead of table": ("nginx = 1\n", "test.toml:4: app.nginx: is unknown"),
    "a list of tables instead of one": (
        "[[redis]]\nport = 6380\n",
        "test.toml:4: redis: is a table: write its keys below [redis]",
    ),
    "a value instead of names": (
        "env = 5\n",
        "test.toml:4: app.env: is a table: write its keys below [app.env]",
    ),
    "table instead of scalar": (
        "[redis.port]\na = 1\n",
        "test.toml:4: redis.port: must be a whole number from 1024 to 65535",
    ),
    "item of a list": (
        '[firewall]\nssh_sources = [\n    "192.0.2.0/24",\n    "no",\n]\n',
        "test.toml:5: firewall.ssh_sources, item 2: must be an IPv4 network such as 192.0.2.0/24"
        " or an IPv6 network such as 2001:db8::/32",
    ),
    "key in a list of tables": (
        "[[firewall.allow]]\nport = 80\n[[firewall.allow]]\nport = 99999\n",
        "test.toml:7: firewall.allow, item 2, port: must be a whole number from 1 to 65535",
    ),
    "missing in a list of tables": (
        '[[firewall.allow]]\nprotocol = "udp"\n',
        "test.toml:4: firewall.allow, item 1, port: is missing",
    ),
    "name in a mapping": (
        '[app.env]\n"bad name" = "x"\n',
        "test.toml:5: app.env.bad name: as a name is not the name of an environment variable",
    ),
    "rule inside of a role": (
        "[postgres]\nmin_wal_mb = 9000\n",
        "test.toml:4: postgres: min_wal_mb must be less than max_wal_mb",
    ),
    "inline table": (
        'tls = { profile = "old" }\n',
        "test.toml:4: app.tls: is unknown",
    ),
}


@pytest.mark.parametrize("text, line", CASES.values(), ids=CASES)
def test_a_wrong_value_in_toml(files: Files, text: str, line: str) -> None:
    files.toml(TOML + text)
    assert line in files.errors()


def test_a_table_is_not_switched_off_by_false_though_its_secret_is_elsewhere(files: Files) -> None:
    files.toml(f"redis = false\nbackup = 0\n{TOML}")
    assert files.errors() == [
        "test.toml:1: redis: is a table: write its keys below [redis]",
        "test.toml:2: backup: is a table: write its keys below [backup]",
    ]


@pytest.mark.parametrize(("key", "value"), [("redis", "false"), ("app.env", "[1]")])
def test_what_is_no_table_in_a_variable(
    files: Files, monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    name = "READYHOST_" + key.upper().replace(".", "__")
    monkeypatch.setenv(name, value)
    assert files.errors() == [
        f'environment: {name}: must be JSON here, such as {{"name": "value"}}'
    ]


@pytest.mark.parametrize(
    "domain",
    ["", "shop", "Shop.example", "shop..example", "-shop.example", "shop.example\n", "a b.c"],
)
def test_what_is_no_domain(files: Files, domain: str) -> None:
    assert files.errors(f"domain={domain}") == [
        "--data domain: must be a domain name in lower case, such as example.com"
    ]


@pytest.mark.parametrize(
    "host", ["a b", "root@shop.example", "-oProxyCommand=x", "shop.example:22"]
)
def test_what_is_no_host(files: Files, host: str) -> None:
    assert files.errors(f"hosts={host}") == [
        "--data hosts, item 1: must be a host name or an IP address"
    ]


def test_every_error_of_every_source_is_said_at_once(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.toml(f"{TOML}[redis]\nport = 1\n[nginx]\nclients = 5000\n")
    files.more_env(READYHOST_LOGS__KEEP="0", READYHOST_REDIS__PASWORD="x")
    monkeypatch.setenv("READYHOST_BASE__SWAP_MB", "-1")
    assert files.errors("app.database_pool=60", "foo=1") == [
        "test.toml:5: redis.port: must be a whole number from 1024 to 65535",
        "test.toml:7: nginx.clients: must be at most base.connections (3000),"
        " which the kernel is sized for",
        "test.env:5: READYHOST_LOGS__KEEP: must be a whole number from 1 to 365",
        "test.env:6: READYHOST_REDIS__PASWORD: is unknown; did you mean READYHOST_REDIS__PASSWORD?",
        "environment: READYHOST_BASE__SWAP_MB: must be a whole number from 0 to 65536",
        "--data foo: is unknown",
        "--data app.database_pool: must be a whole number from 10 to 50",
    ]


def test_a_rule_is_checked_beside_a_missing_secret(files: Files) -> None:
    files.env("READYHOST_APP__SECRET_KEY=short\n")
    assert files.errors("pgbouncer.pool_size=20") == [
        "test.env: READYHOST_POSTGRES__PASSWORD: is missing; `make environment NAME=test` adds it",
        "test.env: READYHOST_REDIS__PASSWORD: is missing; `make environment NAME=test` adds it",
        "test.env: READYHOST_BACKUP__PASSPHRASE: is missing; `make environment NAME=test` adds it",
        "test.env:1: READYHOST_APP__SECRET_KEY: must have at least 16 characters",
        "--data pgbouncer.pool_size: 36 connections of each of two releases are 72,"
        " but pgbouncer.pool_size is 20",
    ]


def test_a_rule_is_not_asked_about_a_wrong_value(files: Files) -> None:
    lines = files.errors("pgbouncer.pool_size=20", "app.database_pool=none")
    assert lines == ["--data app.database_pool: must be a whole number from 10 to 50"]


def test_missing_values_are_named_where_they_belong(files: Files) -> None:
    files.toml("")
    files.env("")
    assert files.errors() == [
        "test.toml: domain: is missing, such as example.com",
        "test.toml: app.repository: is missing, such as git@github.com:example/shop.git",
        "test.env: READYHOST_APP__SECRET_KEY: is missing; `make environment NAME=test` adds it",
        "test.env: READYHOST_POSTGRES__PASSWORD: is missing; `make environment NAME=test` adds it",
        "test.env: READYHOST_REDIS__PASSWORD: is missing; `make environment NAME=test` adds it",
        "test.env: READYHOST_BACKUP__PASSPHRASE: is missing; `make environment NAME=test` adds it",
    ]


def test_missing_files_are_one_line(files: Files) -> None:
    (files.folder / "test.toml").unlink()
    (files.folder / "test.env").unlink()
    assert files.errors() == [
        "test.toml and test.env are missing; `make environment NAME=test` makes them"
        " from prod.toml.example and prod.env.example"
    ]


def test_a_missing_file_has_its_own_example_if_there_is_one(files: Files) -> None:
    (files.folder / "test.env").unlink()
    (files.folder / "test.env.example").touch()
    assert files.errors() == [
        "test.env is missing; `make environment NAME=test` makes it from test.env.example"
    ]


@pytest.mark.parametrize(
    "text, line",
    [
        ('a = 1\nb = "x\n', "test.toml:2 is not valid TOML: "),
        ("a = 1\na = 2\n", "test.toml:2 is not valid TOML: "),
        ("[app\n", "test.toml:1 is not valid TOML: "),
    ],
)
def test_toml_that_is_none(files: Files, text: str, line: str) -> None:
    files.toml(text)
    (said,) = files.errors()  # what is in it is not missing
    assert said.startswith(line)


def test_files_that_are_not_text(files: Files) -> None:
    (files.folder / "test.toml").write_bytes(b"\xff\xfe")
    (files.folder / "test.env").write_bytes(b"\xff\xfe")
    lines = files.errors()
    assert "test.toml is not UTF-8 text" in lines
    assert "test.env cannot be read as UTF-8 text" in lines


def test_lines_of_name_env_that_mean_nothing(files: Files) -> None:
    files.more_env(FOO="x", READYHOST_="y")
    with (files.folder / "test.env").open("a") as env:
        env.write("\nREADYHOST_APP__TAG\n'unfinished\n")
    assert files.errors() == [
        "test.env:5: FOO: is unknown; names begin with READYHOST_",
        "test.env:6: READYHOST_: is unknown",
        "test.env:8: READYHOST_APP__TAG: has no value",
        "test.env:9 is not NAME=value",
    ]


def test_the_same_key_twice_in_one_source(files: Files) -> None:
    files.more_env(readyhost="x")
    files.env((files.folder / "test.env").read_text().replace("readyhost=x\n", ""))
    with (files.folder / "test.env").open("a") as env:
        env.write("READYHOST_DOMAIN=a.example\nREADYHOST_domain=b.example\n")
    assert files.errors("tag=v1", "app.tag=v2") == [
        "test.env:6: READYHOST_domain: is given twice, see test.env:5: READYHOST_DOMAIN",
        "--data app.tag: is given twice, see --data tag",
    ]


@pytest.mark.parametrize(
    "name, line",
    [
        ("READYHOST_POSTGRES__MAX_CONECTIONS", "did you mean READYHOST_POSTGRES__MAX_CONNECTIONS?"),
        ("READYHOST_POSTGRESS", "did you mean READYHOST_POSTGRES?"),
        ("READYHOST_POSTGRES__PORT__X", "is unknown"),
        ("READYHOST_ALIASES__0", "is unknown"),
    ],
)
def test_an_unknown_variable(
    files: Files, monkeypatch: pytest.MonkeyPatch, name: str, line: str
) -> None:
    monkeypatch.setenv(name, "1")
    (error,) = files.errors()
    assert error.startswith(f"environment: {name}: is unknown")
    assert error.endswith(line)


@pytest.mark.parametrize(
    "data, line",
    [
        ("app.env=A", 'must be JSON here, such as {"name": "value"}'),
        ("firewall.allow=web", 'must be JSON here, such as ["a", "b"]'),
        ("aliases=[a", 'must be JSON here, such as ["a", "b"]'),
    ],
)
def test_tables_that_are_not_json(files: Files, data: str, line: str) -> None:
    assert files.errors(data) == [f"--data {data.partition('=')[0]}: {line}"]
