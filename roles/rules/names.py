"""Names that mean one thing each: users, folders, domains, hosts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from roles.core.environment import Conflict
from roles.handed.site import path

if TYPE_CHECKING:
    from settings import Settings

# Users, and folders in /etc and /var/log, that a host has without the application.
_TAKEN = {
    *(
        "root",
        "daemon",
        "bin",
        "sys",
        "sync",
        "games",
        "man",
        "lp",
        "mail",
        "news",
        "uucp",
        "proxy",
    ),
    *("backup", "list", "irc", "gnats", "nobody", "syslog", "messagebus", "sshd", "ubuntu"),
    *("debian", "vagrant", "postgres", "postgresql", "pgbouncer", "redis", "nginx", "www-data"),
    *(
        "fail2ban",
        "readyhost",
        "apt",
        "default",
        "dpkg",
        "ssh",
        "ssl",
        "pam",
        "security",
        "systemd",
    ),
    *("sudoers", "ufw", "cron", "journal", "private", "sysctl", "udev", "network", "rsyslog"),
    *("logrotate", "installer", "readyhost-pull"),
    # groups, of which some give a user as much as root has
    *("adm", "audio", "crontab", "disk", "docker", "input", "kvm", "lxd", "netdev", "plugdev"),
    *("render", "shadow", "staff", "sudo", "tty", "users", "utmp", "video", "wheel"),
    # users that packages bring
    *("certbot", "chrony", "dbus", "landscape", "ntp", "polkitd", "pollinate", "tcpdump"),
    *("tss", "uuidd", "prometheus", "redis-server", "unbound", "usbmux"),
}


# Of these, the ones by which images of clouds let a person in.
_PEOPLE = {"ubuntu", "debian", "vagrant"}


def names_differ(settings: Settings) -> Iterator[Conflict]:
    """Each application's user and folders are its own."""
    for view in settings.applications:
        name = view.app.name
        key = f"apps.{name}" if settings.apps else "app.name"
        for user in (name, f"{name}-build"):
            if user in _TAKEN or (user == name and name.startswith("systemd-")):
                yield Conflict((key,), f"{user} is a name that the system uses itself")
            if user in settings.base.admins:
                yield Conflict((key, "base.admins"), f"{user} is an administrator already")
            if user == settings.ssh.user:
                yield Conflict((key, "ssh.user"), f"{user} is who logs in to deploy")
    for admin in settings.base.admins:
        if admin in _TAKEN - _PEOPLE or admin.startswith("systemd-"):
            yield Conflict(("base.admins",), f"{admin} is a name that the system uses itself")


def given_once(settings: Settings) -> Iterator[Conflict]:
    """Each domain and each host is named once."""
    whole = [view for view in settings.applications if not path(view)]
    all_names = [name for view in whole for name in (view.domain, *view.aliases)]
    domains = Counter(all_names)
    for key, names in (("aliases", domains), ("hosts", Counter(settings.hosts))):
        for name, times in names.items():
            if times > 1:
                also = ", as the domain too" if name == settings.domain and key == "aliases" else ""
                keys = _of(settings, name) if key == "aliases" else (key,)
                yield Conflict(keys, f"{name} is given {times} times{also}")


def kinds_have_names(settings: Settings) -> Iterator[Conflict]:
    """A host name that is one kind of processes' own leads to the site, and is in the certificate:
    so it is one of its aliases."""
    for view in settings.applications:
        key = f"apps.{view.app.name}" if settings.apps else "app"
        aliases = f"{key}.aliases" if settings.apps else "aliases"
        for name, each in view.app.http.items():
            for host in each.hosts:
                if host not in view.aliases:
                    yield Conflict((aliases, f"{key}.http.{name}.hosts"), f"{host} must be in it")


def _of(settings: Settings, domain: str) -> tuple[str, ...]:
    """The keys that give a domain more than once, the last first."""
    if not settings.apps:
        return ("aliases",)
    return tuple(
        f"apps.{view.app.name}.{'domain' if domain == view.domain else 'aliases'}"
        for view in reversed(settings.applications)
        if domain in (view.domain, *view.aliases)
    )
