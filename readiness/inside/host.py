"""HOST: the host itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from roles.core.applied import FILE

from ..outcome import Finding, either, false, true
from .judging import nothing
from .look import Look

if TYPE_CHECKING:
    from settings import Settings

QUEUE = 4096  # connections that wait to be accepted; 3000 clients may come at once
NO_PROGRAM = 126  # and above: exit statuses of a shell that could not start one
BOOT = ("ssh", "nginx", "fail2ban", "cron", "rsyslog")
SERVICES = {"redis": "redis-server", "postgres": "postgresql", "pgbouncer": "pgbouncer"}
SSHD = (
    "passwordauthentication no",
    "kbdinteractiveauthentication no",
    "permitemptypasswords no",
)


def looks(settings: Settings) -> list[Look]:
    """What is asked of the host about itself."""
    from roles.rules.ports import here

    clients = settings.nginx.clients
    targets = " ".join(f"{view.app.name}.target" for view in settings.applications)
    boot = [*BOOT, *(SERVICES[name] for name in here(settings))]
    return [
        Look("HOST-02", "ufw status verbose", _firewall),
        Look("HOST-03", "sshd -T", _sshd),
        Look("HOST-03", "fail2ban-client status | sed -n 's/.*Jail list:[ \t]*/jails=/p'", _jails),
        Look(
            "HOST-04",
            "for each in apt-daily.timer apt-daily-upgrade.timer; do systemctl is-active $each ||"
            " :; done; apt-config dump APT::Periodic::Unattended-Upgrade",
            _upgrades,
        ),
        Look(
            "HOST-05",
            "sysctl -n net.core.somaxconn; systemctl show -P LimitNOFILE nginx",
            lambda said: _room(said, clients),
        ),
        Look(
            "HOST-06",
            "systemctl list-units --failed --plain --no-legend | sed 's/ .*/ failed/';"
            f" for each in {' '.join(boot)} {targets}; do"
            ' state=$(systemctl is-enabled "$each" 2>/dev/null || :);'
            " case $state in enabled | static | alias | generated) ;;"
            ' *) echo "$each is ${state:-not there}" ;; esac; done',
            nothing("nothing has failed, and all of it starts at boot"),
        ),
        Look("HOST-07", "fail2ban-client get ssh-known bantime || fail2ban-client status", _known),
        Look(
            "HOST-08",
            "/usr/local/lib/readyhost/firewall/rules check >/dev/null 2>&1; echo $?",
            _rules,
        ),
        Look(
            "HOST-09",
            f"[ -s {FILE} ] || echo the host does not know what was wanted of it",
            nothing("what was wanted of it is known"),
        ),
    ]


def _firewall(said: list[str]) -> Finding:
    status = next(line for line in said if line.startswith("Status: "))
    if status != "Status: active":
        return false("ufw is not active")
    policy = next(line for line in said if line.startswith("Default: "))
    return either("deny (incoming)" in policy, policy)


def _sshd(said: list[str]) -> Finding:
    lines = set(said)
    if not any(line.startswith("passwordauthentication ") for line in said):
        raise ValueError("no sshd")
    wrong = [line for line in SSHD if line not in lines]
    root = next(line for line in said if line.startswith("permitrootlogin "))
    if root.split()[1] not in ("no", "without-password", "prohibit-password"):
        wrong.append(root)
    return either(not wrong, "keys only", f"not so: {', '.join(wrong)}")


def _jails(said: list[str]) -> Finding:
    jails = next(line for line in said if line.startswith("jails=")).removeprefix("jails=")
    return either(
        "sshd" in re.split(r"[,\s]+", jails), f"fail2ban: {jails}", "fail2ban has no jail for SSH"
    )


def _upgrades(said: list[str]) -> Finding:
    if not set(said[:2]) <= {"active", "inactive", "failed", "activating"}:
        raise ValueError(said)
    on = any('"1"' in line for line in said[2:])
    good = said[:2] == ["active", "active"] and on
    return either(good, "timers are active", f"timers: {', '.join(said[:2])}; switched on: {on}")


def _room(said: list[str], clients: int) -> Finding:
    queue, files = int(said[0]), int(said[1])
    good = queue >= QUEUE and files >= 2 * clients
    return either(good, f"{queue} connections may wait, Nginx may have {files} files open")


def _known(said: list[str]) -> Finding:
    if len(said) == 1 and said[0].lstrip("-").isdigit():
        return true("who logs in with a key is known to fail2ban")
    if any("Jail list" in line for line in said):
        return false("fail2ban does not mind who is known")
    raise ValueError(said)


def _rules(said: list[str]) -> Finding:
    if int(said[0]) >= NO_PROGRAM:
        raise ValueError("it cannot be asked")
    return either(int(said[0]) == 0, "the kernel has these rules and no others", "rules differ")
