"""A wrong value or a name that nobody knows: one line, with the key as it was written."""

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
    "a misspelled one there": (
        '[app.jobs.nightly]\ncommand = "x"\nshedule = "0 3 * * *"\n',
        "test.toml:6: app.jobs.nightly.shedule: is unknown; did you mean"
        " app.jobs.nightly.schedule?",
    ),
    "another one there": (
        '[app.workers.mail]\ncommand = "x"\nuser = "x"\n',
        "test.toml:6: app.workers.mail.user: is unknown",
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
