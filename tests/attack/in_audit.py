"""An intruder in an audit: in pip-audit or npm, which ask registries, or in what these answer."""

from __future__ import annotations

from .attack import EVERYWHERE, FORGES, SCRIPT, Attack, keys_of_clouds

ATTACKS = (
    FORGES,
    EVERYWHERE,
    *keys_of_clouds(),
    Attack(
        "the bus of systemd and logind",
        f"{SCRIPT} knock /run/dbus/system_bus_socket",
        "grep -q '^in by' $SAID",
        ("InaccessiblePaths",),
    ),
    Attack(
        "the application's code",
        "ls /srv/app/current/",
        "grep -q Procfile $SAID",
        ("TemporaryFileSystem",),
    ),
    Attack(
        "secrets of the host in /etc",
        "cat /etc/app/*/env /etc/readyhost/maintained.json",
        "grep -qE 'DATABASE_URL|pip_audit' $SAID",
        ("DynamicUser", "InaccessiblePaths"),
    ),
    Attack(
        "a file that stays",
        "touch /var/tmp/attack-planted /usr/local/bin/attack-planted",
        "test -e /var/tmp/attack-planted -o -e /usr/local/bin/attack-planted",
        ("DynamicUser",),
        after="rm -f /var/tmp/attack-planted /usr/local/bin/attack-planted",
    ),
)
