"""What takes a line of the application's or of its releases' away, and no other."""

from __future__ import annotations

from .breaking import Broken, edited, overridden

LIVE = "slot=$(basename $(readlink /srv/app/live));"


def of_live(does: str, undoes: str) -> Broken:
    """Shell with $slot, the live one."""
    return Broken(f"{LIVE} {does}", f"{LIVE} {undoes}")


def in_live(id: str, kind: str, lines: str) -> Broken:
    """Lines for the units of one kind in the live slot."""
    both = overridden(id, f"app-{kind}-$slot@.service", lines)
    return of_live(both.does, both.undoes)


def in_env(script: str) -> Broken:
    """Its environment otherwise."""
    both = edited("/etc/app/$slot/env", script)
    return of_live(both.does, both.undoes)


APPLICATION = {
    "APP-01": of_live("systemctl stop app-web-$slot@1", "systemctl start app-web-$slot@1; sleep 2"),
    "APP-02": in_env("'$a NODE_ENV=development'"),
    "APP-03": in_live("APP-03", "worker", "Restart=no"),
    "APP-04": in_live("APP-04", "worker", "MemoryMax=infinity"),
    "APP-05": in_live("APP-05", "web", "TimeoutStopSec=100ms"),
    "APP-08": Broken("systemctl stop app-cleanup.timer", "systemctl start app-cleanup.timer"),
    "APP-09": in_live("APP-09", "web", "NoNewPrivileges=no"),
    "APP-12": in_env("'/^ORIGINS=/d'"),
    "CACHE-03": in_env("'s/^CACHE_TTL=./&9/'"),
    "REL-02": Broken("systemctl stop app-watchdog", "systemctl start app-watchdog"),
    # A file that is changed stays known as changed: the kernel's own time of it is looked at.
    "REL-06": Broken(
        "mount --bind /dev/null /srv/app/current/Procfile", "umount /srv/app/current/Procfile"
    ),
    "REL-09": Broken("chmod 777 /run/readyhost", "chmod 755 /run/readyhost"),
    "SEC-06": in_live("SEC-06", "worker", "IPAddressDeny="),
}
