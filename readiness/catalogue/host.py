"""The checklist: host."""

from __future__ import annotations

from .line import Line

AREA = "Host"

LINES = (
    Line(
        "HOST-01",
        AREA,
        what=(
            "a bare server becomes a production host in one run; a second run changes "
            "nothing, a killed one is completed by the next"
        ),
        why="one command makes a lost server again, and no host is a special case",
        do="readyhost ENV drift, then pyinfra inventories/ENV.py deploy.py",
    ),
    Line(
        "HOST-02",
        AREA,
        what=(
            "nothing but SSH, 80 and 443 is open; SSH takes so many connections a "
            "minute from an address"
        ),
        why="each open port is a way in",
        do="deploy.py puts the rules back; docs/firewall.md",
        settings=("firewall",),
    ),
    Line(
        "HOST-03",
        AREA,
        what=(
            "keys only, modern algorithms, no root password, guessers shut out; "
            "services, kernel and modules hardened"
        ),
        why="passwords are guessed within hours, on every address there is",
        do="deploy.py, then docs/ssh.md",
        settings=("sshd", "bans", "hardening"),
    ),
    Line(
        "HOST-04",
        AREA,
        what="security upgrades install themselves",
        why="a known hole is tried within days",
        do="systemctl status apt-daily-upgrade.timer unattended-upgrades",
        settings=("base.security_upgrades",),
    ),
    Line(
        "HOST-05",
        AREA,
        what="time, locale, swap, queues and open files for 3000 connections",
        why="a full queue drops connections under load, before anything is busy",
        do="deploy.py; docs/host.md",
        settings=("base",),
    ),
    Line(
        "HOST-06",
        AREA,
        what="all of it starts again after a reboot",
        why="a host that needs a hand after a reboot is down until somebody wakes up",
        do="systemctl --failed, then systemctl enable what is named",
    ),
    Line(
        "HOST-07",
        AREA,
        what=(
            "who may get in is never shut out: first contact, many keys, colleagues, a "
            "run in progress; guessers are"
        ),
        why="a team that locked itself out cannot mend anything",
        do="docs/ssh.md; bans.ignore for your own networks",
        settings=("bans", "sshd.max_tries"),
    ),
    Line(
        "HOST-08",
        AREA,
        what=(
            "what a hand did to the firewall is seen, repaired and said; an undo ends "
            "only when SSH answers the operator ([Locked out](ssh.md#changes-confirm-"
            "themselves))"
        ),
        why="a rule that a hand has added is a door that nobody knows",
        do="deploy.py puts the rules back",
        settings=("ssh.confirm_within_seconds",),
    ),
    Line(
        "HOST-09",
        AREA,
        what=(
            "what a hand changed on the host is repaired, said or refused by the next "
            "run ([drift.md](drift.md)); no value is taken that means something else, "
            "or that a program there refuses"
        ),
        why="what a hand changed is lost or wrong at the worst moment",
        do="docs/drift.md, then deploy.py",
        settings=("postgres.start_empty",),
    ),
)
