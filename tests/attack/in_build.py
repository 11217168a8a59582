"""An intruder in a build: a package that means harm (malicious.py), as a command of a build."""

from __future__ import annotations

from . import malicious
from .attack import (
    BESIDE_ENDS,
    EVERYWHERE,
    LOOT,
    METADATA,
    PLACE,
    SANDBOX,
    Attack,
    beside,
    edited,
    has_metadata,
    keys_of_clouds,
    metadata_ends,
)

# What is not to be seen in a build, but could be used by its user.
SEEN_BY_ALL = (
    "crontab", "D-Bus", "the journal", "PostgreSQL", "PgBouncer", "Redis",
    "this host's own address", "processes of others", "other releases", "a lock of another",
)  # fmt: skip
# Root's alone.
ROOTS = (
    "pth in the live release", "sitecustomize in other releases", "kept dependencies", "secrets",
    "hard link to the live code", "uploads", "cron's folder", "a unit of systemd", "system folders",
    "programs", "the release's lock", "locks of others", "systemd itself", "sockets of databases",
    "sockets of the application", "lingering", "shared dependencies",
)  # fmt: skip
OF_PYTHON = ("pth in the live release", "sitecustomize in other releases")

SCRIPT = f"python3 {PLACE}/malicious.py --only"
CLEAN = (
    "find /srv /etc/profile.d /usr/local /var/spool/cron /run /run/lock /opt/node -xdev"
    f" -name '*{malicious.MARK}*' -not -path '{PLACE}/*' -delete 2>/dev/null;"
    " rmdir /srv/app/environments 2>/dev/null; crontab -u app-build -r 2>/dev/null;"
    " loginctl disable-linger root; true"
)
"""What worked without its protection leaves marks, which the next ones are not to find."""

# On a server there is `at`; here it is unpacked beside the rest.
HAS_AT = (
    f"cd {PLACE}; apt-get -qq download at && dpkg-deb -x at_*.deb at && rm at_*.deb;"
    " install -o daemon -g daemon -m 6755 at/usr/bin/at /usr/local/bin/at;"
    " install -d -o daemon -g daemon -m 1770 /var/spool/cron/atjobs /var/spool/cron/atspool;"
    " install -o daemon -g daemon -m 600 /dev/null /var/spool/cron/atjobs/.SEQ;"
    " install -m 644 at/etc/at.deny /etc"
)
AT_ENDS = "rm -r /usr/local/bin/at /var/spool/cron/atjobs /var/spool/cron/atspool /etc/at.deny"
LIVES = "sleep 0.7; pgrep -f 'sleep 777[7]'"
DIES = "pkill -9 -f 'sleep 777[7]'; true"


# What a switch does with his release: root takes it over, asks whether Nginx may serve it, and has
# that done by a link.
HOST = "/usr/local/lib/readyhost/release"
SWITCHES = """
import sys; sys.path.insert(0, "/usr/local/lib/readyhost")
from pathlib import Path; from types import SimpleNamespace as Made
from release import mounted, seal, user
folder = Path("/srv/app/releases/attack")
seal.seal(folder, user.uid("app-build"))
mounted.require_static(Made(tag="attack", static="static"), folder)
"""
STATIC = "/srv/app/served/static"
SERVED = (
    f"python3 -Bc '{SWITCHES}' && readlink {STATIC} >{PLACE}/static && mkdir {STATIC}.attack"
    f" && ln -s /srv/app/releases/attack/static {STATIC}.attack/live"
    f" && ln -sfn static.attack {STATIC}"
)
UNSERVED = (
    f"[ ! -e {PLACE}/static ] || {{ ln -sfn $(cat {PLACE}/static) {STATIC};"
    f" rm -r {PLACE}/static {STATIC}.attack; }}"
)


def tried(name: str, bait: str = "", after: str = "true") -> Attack:
    """One of the package's, which prints what it got."""
    stops = (SANDBOX, "User") if name in (*ROOTS, "node", "the user's systemd") else (SANDBOX,)
    worked = "grep -q . $SAID && ! grep -q Traceback $SAID"
    only = "fastapi" if name in OF_PYTHON else ""
    return Attack(name, f'{SCRIPT} "{name}"', worked, stops, bait, f"{after}; {CLEAN}", only=only)


def lives(name: str) -> Attack:
    """One that goes on when the build's command has ended, and is looked for from outside."""
    return Attack(name, f'{SCRIPT} "{name}"', LIVES, ("KillMode=process",), after=DIES)


ATTACKS = (
    *(tried(name) for name in (*SEEN_BY_ALL, *ROOTS)),
    *(lives(name) for name in ("a process that stays", "a link that flips while root takes over")),
    tried("at", HAS_AT, AT_ENDS),
    tried(
        "the user's systemd",
        "systemctl start user@0",
        "systemctl stop user@0 user-runtime-dir@0",
    ),
    tried("node", "mkdir -p /opt/node/attack", "rm -r /opt/node/attack"),
    tried(
        "sockets of redis",
        beside(f"/usr/bin/python3 -I {PLACE}/within.py listen /run/redis/attack.sock")
        + "; sleep 0.5",
        f"{BESIDE_ENDS}; rm /run/redis/attack.sock",
    ),
    # At port 80 it is Nginx that answers here, at all addresses of the host.
    tried("metadata of clouds", has_metadata(METADATA[0]), metadata_ends(METADATA[0])),
    tried("metadata of clouds, elsewhere", has_metadata(METADATA[0]), metadata_ends(METADATA[0])),
    *keys_of_clouds()[1:],
    EVERYWHERE,
    Attack(
        "a file of the host among what Nginx serves",
        "mkdir static && ln -s /var/log static/log",
        f"{SERVED} && curl -sk --resolve shop.example:443:127.0.0.1"
        " https://shop.example/static/log/nginx/attack | grep -qF what-no",
        (
            edited(
                f"{HOST}/mounted.py",
                '/if link := leaving\\(release/s/link :=.*:/link := "":/',
                "true",
            ),
        ),
        bait=f"echo {LOOT} >/var/log/nginx/attack; chown www-data: /var/log/nginx/attack",
        after=f"rm /var/log/nginx/attack; {UNSERVED}",
    ),
    # He cannot lower it where systemd has CAP_SYS_RESOURCE, as on a server and in no box.
    Attack(
        "to be spared where memory runs out, and others not",
        "cat /proc/self/oom_score_adj",
        "grep -qE '^[0-9]{1,3}$' $SAID",
        ("OOMScoreAdjust",),
    ),
    Attack(
        "shared memory that stays",
        f'{SCRIPT} "shared memory that stays"',
        "ipcs -m | grep -q 0x00000e71",
        ("RemoveIPC",),
        after="ipcrm -M 0x0e71 2>/dev/null; true",
    ),
    Attack(
        "a shell with other rights",
        f'{SCRIPT} "a shell with other rights"',
        "find /srv/app/releases/attack -perm -4000 | grep -q .",
        ("RestrictSUIDSGID",),
    ),
    Attack(
        "the command line of somebody else's process",
        "cat /proc/[0-9]*/cmdline",
        f"grep -qF {LOOT} $SAID",
        ("ProtectProc", SANDBOX),
        beside(f"sh -c 'sleep 60; : {LOOT}'"),
        BESIDE_ENDS,
    ),
)

REST = set(malicious.ATTEMPTS) - {attack.name for attack in ATTACKS}
assert not REST, f"in no list: {REST}"
