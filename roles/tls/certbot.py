"""certbot, which speaks ACME: in an environment of its own on the host, each file by its hash."""

from __future__ import annotations

from pathlib import Path

from roles.core.pip_environment import PipEnvironment, pins_of, read

from .acme import Acme

ROOT = "/usr/local/lib/readyhost/certbot"
PROGRAM = f"{ROOT}/current/bin/certbot"
LOCK = Path(__file__).with_name("certbot.lock")


def program(settings: Acme) -> str:
    """Path of the certbot that is used."""
    return PROGRAM if settings.certbot == "pinned" else "/usr/bin/certbot"


def packages(settings: Acme) -> list[str]:
    """Debian packages that this certbot needs."""
    if settings.certbot == "pinned":
        return ["python3-venv", "ca-certificates"]
    return ["certbot", *([f"python3-certbot-{settings.dns.plugin}"] if settings.dns.plugin else [])]


def plugin(settings: Acme) -> list[str]:
    """The requirement of the plug-in for the DNS, if there is one."""
    if not settings.dns.plugin:
        return []
    version = pins_of(read(LOCK))["certbot"]
    return [settings.dns.package or f"certbot-{settings.dns.plugin}=={version}"]


def environment(settings: Acme) -> PipEnvironment:
    """certbot and all that it needs, by the lock file; the plug-in beyond it."""
    return PipEnvironment(
        ROOT,
        read(LOCK),
        tried="certbot",
        beyond=plugin(settings),
        beyond_hashes=settings.dns.hashes,
    )


def unknown(settings: Acme) -> str:
    """What is installed as it comes, in words for the operator; empty for nothing."""
    if settings.certbot != "pinned" or settings.dns.hashes or not (name := plugin(settings)):
        return ""
    return f"no hash of {name[0]} is known, so any file of that name is taken: tls.acme.dns.hashes"
