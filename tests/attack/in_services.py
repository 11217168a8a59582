"""An intruder in a service that reads what attackers wrote: rsyslog, fail2ban, Nginx, Redis; and in
what looks after the host by the clock."""

from __future__ import annotations

from .attack import LOOT, PLACE, SANDBOX, Attack

PLANTED = (
    "/etc/cron.d",
    "/usr/local/bin",
    "/srv/app/uploads",
    "/var/lib/postgresql",
    "/run/systemd/system",
    "/run/tmpfiles.d",
)
SHELL = ("NoExecPaths",)  # rsyslog's: no program starts there at all
CLOCK = ("host-maintained", "app_verify", "app-watchdog")  # root's programs that look by the clock
STOPS = {
    "rsyslog": ("ProtectSystem", "ReadOnlyPaths", "CapabilityBoundingSet"),
    "fail2ban": ("ProtectSystem", "ReadOnlyPaths", "CapabilityBoundingSet"),
    "nginx": ("ProtectSystem", "ReadOnlyPaths", "CapabilityBoundingSet"),
    "redis-server": ("User", SANDBOX),
}

ATTACKS = (
    *(
        Attack(
            f"{who}: a file in {folder}",
            f"touch {folder}/attack-planted",
            f"test -e {folder}/attack-planted",
            STOPS[who],
            past=SHELL if who == "rsyslog" else (),
            after=f"rm -f {folder}/attack-planted",
            who=who,
        )
        for who in STOPS
        for folder in PLANTED
    ),
    *(
        Attack(
            f"{who}: a file in {folder}",
            f"touch {folder}/attack-planted",
            f"test -e {folder}/attack-planted",
            ("ProtectSystem", "ReadOnlyPaths"),
            after=f"rm -f {folder}/attack-planted",
            who=who,
        )
        for who in CLOCK
        for folder in (*PLANTED, "/run")
    ),
    Attack("rsyslog: a shell", "echo in", "grep -qx in $SAID", SHELL, who="rsyslog"),
    *(
        Attack(
            f"{who}: somebody's home",
            "cat /home/attack-bait",
            f"grep -qF {LOOT} $SAID",
            ("ProtectHome",),
            past=SHELL if who == "rsyslog" else (),
            bait=f"umask 022; echo {LOOT} >/home/attack-bait",
            after="rm /home/attack-bait",
            who=who,
        )
        for who in ("rsyslog", "fail2ban")
    ),
    *(
        Attack(
            f"{who}: root's files without their owner's rights",
            f"cat {PLACE}/of-nobody",
            f"grep -qF {LOOT} $SAID",
            STOPS[who],
            bait=f"echo {LOOT} >{PLACE}/of-nobody; chown nobody {PLACE}/of-nobody;"
            f" chmod 600 {PLACE}/of-nobody",
            who=who,
        )
        for who in ("redis-server",)
    ),
    *(
        Attack(
            f"{who}: a program with set-user-ID for others to run",
            "cp /usr/bin/id /var/log/attack; chmod 4755 /var/log/attack",
            "test -u /var/log/attack",
            ("RestrictSUIDSGID",),
            past=SHELL if who == "rsyslog" else (),
            after="rm -f /var/log/attack",
            who=who,
        )
        for who in ("rsyslog", "fail2ban")
    ),
    *(
        Attack(
            f"{who}: a mount name space of his own",
            "unshare -m true && echo in",
            "grep -qx in $SAID",
            ("RestrictNamespaces", "CapabilityBoundingSet", "SystemCallFilter"),
            past=SHELL if who == "rsyslog" else (),
            who=who,
        )
        for who in ("rsyslog", "fail2ban")
    ),
)
