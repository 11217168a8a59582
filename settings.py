"""The typed model of one environment: each role's own part, composed."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, ModelWrapValidatorHandler, PrivateAttr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from load.settings import Load
from readiness.settings import Report
from roles.alerts.settings import Alerts
from roles.app.settings import App
from roles.applications import Application, Name, both, completed, filled, views, whole
from roles.backup.settings import Backup, Restore
from roles.bans.settings import Bans
from roles.base.settings import Base
from roles.core.addresses import Address, Domain
from roles.core.environment import read
from roles.core.environment.command import command
from roles.core.environment.overrides import arguments
from roles.core.model import section
from roles.core.own import model as own_roles
from roles.core.snippets import Snippet
from roles.core.snippets import read as read_snippets
from roles.firewall.settings import Firewall
from roles.hardening.settings import Hardening
from roles.logs.settings import Logs
from roles.maintained.settings import Maintained
from roles.monitoring.settings import Monitoring
from roles.nginx.settings import Nginx
from roles.pgbouncer.settings import PgBouncer
from roles.postgres.settings import Postgres
from roles.redis.settings import Redis
from roles.rules import RULES, check_host
from roles.ssh.connection import Ssh
from roles.ssh.settings import Sshd
from roles.tls.settings import Tls

__all__ = ["Settings", "check_host", "load"]

DIRECTORY = Path(__file__).resolve().parent / "inventories"


class Settings(BaseSettings):
    """An environment, valid as a whole. Made by `load`, or in a test from keyword arguments."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, validate_default=True
    )

    environment: str = Field(
        "production",
        pattern=r"^[a-z][a-z0-9_-]{0,30}$",
        description="ENVIRONMENT and SENTRY_ENVIRONMENT of the application. The inventory's name"
        " when not set.",
    )
    domain: Domain = Field(
        description="Domain name that the application is served at.", examples=["example.com"]
    )
    aliases: tuple[Domain, ...] = Field(
        (), description="Further domain names, in the certificate too, such as www.example.com."
    )
    hosts: tuple[Address, ...] = Field(
        (),
        description="Addresses of the application's hosts, names or IP addresses. The domain when"
        " empty. Each is whole, with a database and a cache of its own: they share no data.",
    )
    ssh: Ssh = section("How the hosts are reached.")
    app: App = Field(description="The application.")
    apps: dict[Name, Application] = Field(
        {},
        description="Several applications by name, instead of domain, aliases and [app]. Each has a"
        " user, a database, keys of Redis, folders, logs and releases of its own"
        " (docs/applications.md).",
    )
    application: Name | None = Field(
        None,
        description="Which of [apps] rollback.py, releases.py and restore.py are for; for --data"
        " only.",
    )
    postgres: Postgres = Field(description="The database.")
    pgbouncer: PgBouncer = section("The pooler in front of it.")
    redis: Redis = Field(description="The cache.")
    nginx: Nginx = section("The web server.")
    tls: Tls = section("The certificate.")
    firewall: Firewall = section("Who may connect.")
    hardening: Hardening = section("What the host does not need is off.")
    bans: Bans = section("Who is shut out for a while.")
    sshd: Sshd = section("The SSH server: who may log in.")
    logs: Logs = section("What is kept of the logs.")
    backup: Backup = Field(description="What is kept of everything else, and where.")
    restore: Restore = section("What restore.py brings back; for --data only.")
    base: Base = section("The host itself.")
    maintained: Maintained = section("Whether what runs there still gets fixes.")
    monitoring: Monitoring = section("What the host measures of itself, and keeps.")
    alerts: Alerts = section("Who is told that something is wrong.")
    report: Report = section("Which lines of readiness.md are not wanted.")
    load: Load = section("Load tests: who may start one, what ends it.")
    own: own_roles() = Field(  # type: ignore[valid-type]
        default_factory=dict, description="The team's own roles: inventories/roles/."
    )

    _snippets: tuple[Snippet, ...] = PrivateAttr(())
    _both: dict[str, str] = PrivateAttr({})

    @model_validator(mode="wrap")
    @classmethod
    def _several(cls, values: Any, handler: ModelWrapValidatorHandler[Settings]) -> Settings:
        """One application, or several that each have their own."""
        settings = handler(filled(values) if isinstance(values, Mapping) else values)
        settings._both = both(values) if isinstance(values, Mapping) else {}
        completed(settings)
        return settings

    @property
    def both(self) -> dict[str, str]:
        """What is given in the short form beside [apps]: what stands instead of it, by key."""
        return self._both

    @property
    def applications(self) -> tuple[Settings, ...]:
        """These settings as the roles of each application see them."""
        return views(self)

    @property
    def host(self) -> Settings:
        """These settings as the roles of the host itself see them."""
        return whole(self)

    @property
    def snippets(self) -> tuple[Snippet, ...]:
        """The team's own files beside the environment."""
        return self._snippets

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses of the hosts."""
        return self.hosts or (self.domain,)

    def to_json(self) -> dict[str, Any]:
        """What `pyinfra … debug-inventory` shows: every value, secrets masked."""
        return self.model_dump(mode="json")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Values come from `load` alone, which can say where each of them was."""
        return (init_settings,)


def load(
    name: str,
    directory: Path = DIRECTORY,
    *,
    hosts: Sequence[str] = (),
    data: Sequence[str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of the environment `name`, valid, or an OperatorError with all that is wrong.

    `hosts` are the hosts if the settings name none. `data` are key=value overrides, by default
    those of the pyinfra command that is running; `environ` are the variables, by default those of
    this process.
    """
    defaults: dict[str, Any] = {"environment": name}
    if hosts:
        defaults["hosts"] = list(hosts)
    settings = read(
        Settings,
        name,
        directory,
        rules=RULES,
        aliases={
            "tag": tag_of(arguments() if data is None else data),
            "fail_on": "report.fail_on",
            "format": "report.format",
        },
        named="apps",
        defaults=defaults,
        data=data,
        environ=environ,
    )
    settings._snippets = read_snippets(directory / name)
    return settings


def tag_of(data: Sequence[str]) -> str:
    """The key that `tag` stands for: of the application that `data` name, or of the only one."""
    named = [each.partition("=")[2] for each in data if each.startswith("application=")]
    return f"apps.{named[0]}.tag" if named else "app.tag"


if __name__ == "__main__":
    from readiness.document import written as readiness
    from readiness.systems.document import written as systems
    from roles.alerts.document import written as alerts

    def documents() -> dict[Path, str]:
        return {**readiness(), **alerts(), **systems()}

    def scrape(settings: Settings) -> str:
        """what a Prometheus elsewhere has in its scrape_configs (monitoring.mode = "remote")"""
        from roles.handed.scraped import configuration

        return configuration(settings)

    sys.exit(command(Settings, load, DIRECTORY, sys.argv[1:], documents, shows={"scrape": scrape}))
