"""Alertmanager's configuration: who gets what, and how often. Pure.

It is JSON, which is YAML, so no text of the settings can end a string. @HOST@ becomes the host's
name when Alertmanager starts.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import SecretStr

from .settings import Alerts

HOST = "@HOST@"
PEOPLE, NOBODY, HEARTBEAT = "people", "nobody", "heartbeat"
TITLE = f'{HOST}: {{{{ template "readyhost.title" . }}}}'
TEXT = '{{ template "readyhost.text" . }}'
TEMPLATES = "/etc/readyhost/alerts/templates/*.tmpl"
BEAT = 60
"""Seconds between two heartbeats: what such services take for a minute's."""


def configuration(settings: Alerts) -> str:
    """The file, which holds secrets."""
    receivers = [
        {"name": PEOPLE, **_people(settings)},
        {"name": NOBODY},
        {"name": HEARTBEAT, **_heartbeat(settings)},
    ]
    whole = {
        "templates": [TEMPLATES],
        "route": _route(settings),
        "inhibit_rules": [
            # What it says is said by the other one already.
            _explains("SiteDown", "Errors|SlowP95|SlowAnswers", ["none"]),
            _explains("DiskFullSoon", "Disk", ["mountpoint"]),
            _explains("FactsMissing", "FactsOld", ["none"]),
        ],
        "receivers": receivers,
    }
    return json.dumps(whole, indent=1) + "\n"


def _route(settings: Alerts) -> dict[str, Any]:
    return {
        "receiver": PEOPLE,
        "group_by": ["severity"],
        "group_wait": f"{settings.group_wait_seconds}s",
        "group_interval": f"{settings.group_interval_seconds}s",
        "repeat_interval": f"{settings.repeat_hours}h",
        "routes": [
            {
                "matchers": ['alertname="Heartbeat"'],
                "receiver": HEARTBEAT if settings.heartbeat_url else NOBODY,
                "group_wait": "0s",
                "group_interval": f"{BEAT}s",
                # What is as long as the interval is sometimes a moment short of it.
                "repeat_interval": f"{BEAT * 5 // 6}s",
            },
            {
                "matchers": ['alertname="Test"'],
                "receiver": PEOPLE,
                "group_by": ["alertname"],
                "group_wait": "1s",
                "group_interval": "5s",
            },
        ],
    }


def _explains(source: str, target: str, equal: list[str]) -> dict[str, Any]:
    """`none` is a label that nothing has, so it is equal."""
    return {
        "source_matchers": [f'alertname="{source}"'],
        "target_matchers": [f'alertname=~"{target}"'],
        "equal": equal,
    }


def _heartbeat(settings: Alerts) -> dict[str, Any]:
    if not settings.heartbeat_url:
        return {}
    url = plain(settings.heartbeat_url)
    return {"webhook_configs": [{"url": url, "send_resolved": False}]}


def _people(settings: Alerts) -> dict[str, Any]:
    """All ways by which they are told."""
    every: dict[str, list[dict[str, Any]]] = {}
    if settings.mail.to:
        every["email_configs"] = [_mail(settings)]
    hooks = [plain(url) for url in (settings.webhook_url,) if url]
    if settings.ntfy_url:
        # ntfy makes a message of Alertmanager's JSON by a template of its own.
        url = plain(settings.ntfy_url)
        hooks.append(f"{url}{'&' if '?' in url else '?'}template=alertmanager")
    if hooks:
        every["webhook_configs"] = [{"url": url} for url in hooks]
    if settings.slack_url:
        url = plain(settings.slack_url)
        every["slack_configs"] = [{"api_url": url, "title": TITLE, "text": TEXT}]
    if settings.pagerduty_key:
        key = plain(settings.pagerduty_key)
        every["pagerduty_configs"] = [
            {"routing_key": key, "description": TITLE, "details": {"what": TEXT}}
        ]
    if settings.telegram.token:
        chat, token = settings.telegram.chat, plain(settings.telegram.token)
        message = f"{TITLE}\n{TEXT}"
        every["telegram_configs"] = [
            {"bot_token": token, "chat_id": chat, "message": message, "parse_mode": ""}
        ]
    return {
        kind: [{"send_resolved": True, **each} for each in found] for kind, found in every.items()
    }


def _mail(settings: Alerts) -> dict[str, Any]:
    mail = settings.mail
    host = f"[{mail.host}]" if mail.host and ":" in mail.host else mail.host
    account = {}
    if mail.user and mail.password:
        account = {"auth_username": mail.user, "auth_password": plain(mail.password)}
    return {
        "to": ", ".join(mail.to),
        "from": mail.sender,
        "hello": HOST,
        "smarthost": f"{host}:{mail.port}",
        "require_tls": not mail.in_clear,
        "headers": {"Subject": TITLE},
        "html": "",
        "text": TEXT,
        **account,
    }


def plain(secret: SecretStr) -> str:
    """The text, with the host's name in its place."""
    return secret.get_secret_value().replace("{host}", HOST)
