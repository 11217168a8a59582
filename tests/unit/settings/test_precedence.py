"""Which of several values counts, and how each source writes them."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from .conftest import TOML, Files

VARIABLE = "READYHOST_POSTGRES__MAX_CONNECTIONS"


def test_each_source_wins_over_the_ones_below(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert files.load().postgres.max_connections == 100
    files.toml(f"{TOML}[postgres]\nmax_connections = 110\n")
    assert files.load().postgres.max_connections == 110
    files.more_env(**{VARIABLE: "120"})
    assert files.load().postgres.max_connections == 120
    monkeypatch.setenv(VARIABLE, "130")
    assert files.load().postgres.max_connections == 130
    assert files.load("postgres.max_connections=140").postgres.max_connections == 140


def test_tables_are_merged_and_lists_are_not(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    files.toml(
        f'aliases = ["a.example", "b.example"]\n{TOML}[app.env]\nA = "toml"\nB = "toml"\n'
        "[nginx.limits]\nper_minute = 10\nper_hour = 200\n"
    )
    monkeypatch.setenv("READYHOST_APP__ENV__B", "environment")
    monkeypatch.setenv("READYHOST_ALIASES", "c.example")
    monkeypatch.setenv("READYHOST_NGINX__LIMITS__PER_HOUR", "300")
    settings = files.load()
    assert settings.app.env == {"A": "toml", "B": "environment"}
    assert settings.aliases == ("c.example",)
    assert (settings.nginx.limits.per_minute, settings.nginx.limits.per_hour) == (10, 300)


def test_the_inventory_names_the_environment_and_the_hosts_unless_they_are_set(
    files: Files,
) -> None:
    from settings import load

    settings = load("test", files.folder, hosts=("web",), data=())
    assert (settings.environment, settings.addresses) == ("test", ("web",))
    files.toml(f'environment = "live"\nhosts = ["192.0.2.1", "2001:db8::1"]\n{TOML}')
    files.more_env(READYHOST_APP__DATABASE_POOL="20")
    settings = load("test", files.folder, hosts=("web",), data=())
    assert (settings.environment, settings.hosts) == ("live", ("192.0.2.1", "2001:db8::1"))


def test_the_domain_is_the_host_by_default(files: Files) -> None:
    assert files.load().addresses == ("shop.example",)


def test_tag_is_short_for_app_tag(files: Files) -> None:
    assert files.load("tag=v1.2.3").app.tag == "v1.2.3"
    assert files.load("app.tag=v1.2.3").app.tag == "v1.2.3"


@pytest.mark.parametrize("key", ["ssh_user", "ssh_key", "ssh_port", "_sudo_user"])
def test_what_pyinfra_itself_understands_is_left_to_it(files: Files, key: str) -> None:
    files.load(f"{key}=anything")


def test_names_of_the_application_s_own_variables_keep_their_case(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("READYHOST_APP__ENV__Some_Name__Inside", "1")
    monkeypatch.setenv("READYHOST_APP__SECRETS__STRIPE_KEY", "two words")
    app = files.load("app.env.Other=2").app
    assert app.env == {"Some_Name__Inside": "1", "Other": "2"}
    assert app.secrets["STRIPE_KEY"].get_secret_value() == "two words"


def test_names_in_capitals_are_lower_case_elsewhere(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.toml(f'{TOML}[app.workers.mail]\ncommand = "mail"\n[postgres.roles.reader]\n')
    monkeypatch.setenv("READYHOST_APP__WORKERS__MAIL__INSTANCES", "3")
    monkeypatch.setenv("READYHOST_POSTGRES__ROLES__READER__PASSWORD", "8d3f1c7a9b2e4650")
    monkeypatch.setenv("READYHOST_POSTGRES__ROLES__Analyst__CONNECTION_LIMIT", "4")
    settings = files.load()
    assert settings.app.workers["mail"].instances == 3
    assert settings.app.workers["mail"].command == "mail"
    assert settings.postgres.roles["reader"].password
    assert settings.postgres.roles["Analyst"].connection_limit == 4


@pytest.mark.parametrize(
    "text", ["192.0.2.0/24,2001:db8::/32", '["192.0.2.0/24", "2001:db8::/32"]']
)
def test_lists_are_json_or_separated_by_commas(files: Files, text: str) -> None:
    networks = files.load(f"firewall.ssh_sources={text}").firewall.ssh_sources
    assert networks == (ip_network("192.0.2.0/24"), ip_network("2001:db8::/32"))


def test_tables_and_lists_of_tables_are_json(files: Files) -> None:
    settings = files.load('firewall.allow=[{"port": 8443}]', 'app.env={"A": "1"}')
    assert settings.firewall.allow[0].port == 8443
    assert settings.app.env == {"A": "1"}


@pytest.mark.parametrize("text", ["true", "false"])
def test_booleans(files: Files, text: str) -> None:
    assert files.load(f"nginx.http2={text}").nginx.http2 is (text == "true")


def test_values_in_name_env_are_what_is_written(files: Files) -> None:
    files.more_env(
        READYHOST_APP__SECRETS__A="'$HOME ${PATH} # no comment'",
        READYHOST_APP__SECRETS__B='"two\\nlines"  # a comment',
        READYHOST_APP__SECRETS__C="bare#value=with=equals",
    )
    values = {name: secret.get_secret_value() for name, secret in files.load().app.secrets.items()}
    assert values == {
        "A": "$HOME ${PATH} # no comment",
        "B": "two\nlines",
        "C": "bare#value=with=equals",
    }


def test_an_environment_may_be_made_of_variables_alone(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    from .conftest import ENV

    (files.folder / "test.toml").unlink()
    (files.folder / "test.env").unlink()
    for name, value in ENV.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("READYHOST_DOMAIN", "shop.example")
    monkeypatch.setenv("READYHOST_APP__REPOSITORY", "/srv/git/shop.git")
    assert files.load().domain == "shop.example"
