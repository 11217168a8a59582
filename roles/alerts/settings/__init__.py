"""What an environment says about its alerts."""

from __future__ import annotations

from pydantic import Field, SecretStr, model_validator
from typing_extensions import Self

from roles.core.model import Section, section

from .limits import Limits
from .receivers import Mail, SecretUrl, Telegram

__all__ = ["Alerts", "Limits", "Mail", "Telegram"]


class Alerts(Section):
    """Who is told what, and when."""

    enabled: bool = Field(
        False,
        description="Whether somebody is told. Takes monitoring.mode = 'local', and a receiver:"
        " mail, a webhook, Slack, PagerDuty, ntfy or Telegram.",
    )
    mail: Mail = section("Mail, by your own server or a provider's.")
    webhook_url: SecretUrl | None = Field(
        None, description="Gets Alertmanager's own JSON by POST. A secret: it may hold a token."
    )
    slack_url: SecretUrl | None = Field(
        None, description="Slack's incoming webhook, or Mattermost's, Discord's with /slack."
    )
    pagerduty_key: SecretStr | None = Field(
        None, description="Integration key of a PagerDuty service (Events API v2)."
    )
    ntfy_url: SecretUrl | None = Field(
        None,
        description="Topic of ntfy 2.14 or later, such as https://ntfy.sh/TOPIC. Who knows the"
        " topic reads it.",
    )
    telegram: Telegram = section("A chat of Telegram.")
    heartbeat_url: SecretUrl | None = Field(
        None,
        description="Dead man's switch: Prometheus has it asked by Alertmanager every minute, for"
        " as long as both work. The service there tells you when that ends. {host} in it stands for"
        " the host's name.",
    )
    host_heartbeat_url: SecretUrl | None = Field(
        None,
        description="The same from the host itself, every minute, whatever becomes of Prometheus."
        " It tells a dead host from dead monitoring. {host} in it stands for the host's name.",
    )
    limits: Limits = section("From where on a figure is an alert.")
    patience_percent: int = Field(
        100,
        ge=1,
        le=1000,
        description="How long something lasts before it is told, percent of the times in"
        " docs/alerts.md: 50 tells twice as early, and more often of what passes by itself.",
    )
    window_seconds: int = Field(
        300,
        ge=60,
        le=3600,
        description="Shares and percentiles are of so long, seconds. Shorter is nervous, longer is"
        " late.",
    )
    group_wait_seconds: int = Field(
        30, ge=1, le=600, description="What begins within so long is one message, seconds."
    )
    group_interval_seconds: int = Field(
        300,
        ge=1,
        le=3600,
        description="What is new to a message that was sent, or over, waits so long, seconds.",
    )
    repeat_hours: int = Field(
        12, ge=1, le=72, description="What lasts is told again after so long, hours."
    )

    @property
    def has_receiver(self) -> bool:
        """Whether anybody would hear of an alert."""
        return bool(
            self.mail.to
            or self.webhook_url
            or self.slack_url
            or self.pagerduty_key
            or self.ntfy_url
            or self.telegram.chat
        )

    @model_validator(mode="after")
    def _somebody_hears(self) -> Self:
        if self.enabled and not self.has_receiver:
            raise ValueError(
                "enabled takes a receiver: set alerts.mail.to, webhook_url, slack_url,"
                " pagerduty_key, ntfy_url or telegram.chat"
            )
        return self
