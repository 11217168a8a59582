"""Every file of the host's defences."""

from __future__ import annotations

from functools import partial

from roles.core.entries import Directory, Entry, File
from roles.core.machine import Machine
from roles.core.templates import render

from .settings import Hardening
from .uplinks import uplinks

SYSCTL = "/etc/sysctl.d/62-readyhost-hardening.conf"
CRON = ("cron.d", "cron.daily", "cron.hourly", "cron.monthly", "cron.weekly")
AUDIT = "/etc/audit/rules.d/readyhost.rules"


def packages(settings: Hardening, machine: Machine) -> list[str]:
    """The packages that they need."""
    wanted = {
        "apt-listchanges": settings.package_news,
        "auditd": audited(settings, machine),
        # The dictionary: without one every password is refused.
        "cracklib-runtime": settings.passphrase_length > 0,
        "debsums": settings.verify_packages,
        "libpam-pwquality": settings.passphrase_length > 0,
    }
    return [name for name, is_wanted in wanted.items() if is_wanted]


def audited(settings: Hardening, machine: Machine) -> bool:
    """Whether this host keeps an audit trail; a container's is its machine's."""
    return settings.audit and not machine.container


def strict(settings: Hardening, machine: Machine) -> bool:
    """Whether a packet has to come by the interface that its answer leaves by."""
    if settings.strict_paths is None:
        return len(uplinks(machine)) <= 1
    return settings.strict_paths


def logins(settings: Hardening) -> list[str]:
    """Lines of login.defs, which is the distribution's for all the rest."""
    return [
        f"SHA_CRYPT_MIN_ROUNDS {settings.hashing_rounds}",
        f"PASS_MIN_DAYS {settings.passphrase_min_days}",
    ]


def entries(settings: Hardening, machine: Machine) -> list[Entry]:
    """The files; what only a kernel of one's own takes is left out in a container."""
    write = partial(render, "hardening", settings=settings, machine=machine)
    banner = f"{settings.banner}\n"
    found: list[Entry] = [
        write("/etc/modprobe.d/readyhost.conf"),
        write(SYSCTL, strict=strict(settings, machine)),
        File("/etc/issue", banner),
        File("/etc/issue.net", banner),
        # What root runs by the clock is nobody else's to read.
        *(Directory(f"/etc/{name}", mode=0o700) for name in CRON),
    ]
    if not settings.core_dumps:
        found.append(write("/etc/security/limits.d/readyhost.conf"))
        found.append(write("/etc/systemd/system.conf.d/readyhost-core-dumps.conf"))
        found.append(write("/etc/systemd/coredump.conf.d/readyhost.conf"))
    if settings.idle_shell_seconds:
        found.append(write("/etc/profile.d/readyhost-idle.sh"))
    if settings.passphrase_length:
        found.append(write("/etc/security/pwquality.conf.d/readyhost.conf"))
    if settings.package_news:
        found.append(write("/etc/apt/listchanges.conf.d/readyhost.conf"))
    if settings.verify_packages:
        found.append(File("/etc/default/debsums", "CRON_CHECK=weekly\n"))
    if audited(settings, machine):
        found.append(write(AUDIT, mode=0o640))
    return found
