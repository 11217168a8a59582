"""Every file of the SSH server, and how to see that sshd takes it."""

from __future__ import annotations

from roles.core.change import Check
from roles.core.entries import Entry, File
from roles.core.machine import Machine
from roles.core.templates import render

from .algorithms import algorithms, version
from .settings import Sshd

CONFIGURATION = "/etc/ssh/sshd_config.d/00-readyhost.conf"
SEPARATION = "mkdir -p /run/sshd"  # not there before a socket-activated sshd has started


def packages(settings: Sshd, machine: Machine) -> list[str]:
    """The packages that the SSH server needs."""
    return ["openssh-server"]


def entries(settings: Sshd, machine: Machine, *, user: str, rsa: bool) -> list[Entry]:
    """The one file, read before what the distribution and the cloud's image have.

    user: the operator's account, for which root stays open, by key, if it is root.
    rsa: whether the host has an RSA key of at least 3072 bits.
    """
    return [
        render(
            "ssh",
            CONFIGURATION,
            mode=0o600,
            settings=settings,
            version=version(machine),
            algorithms=algorithms(machine, rsa=rsa),
            root=user == "root",
            rsa=rsa,
        )
    ]


def checks(files: list[Entry]) -> list[Check]:
    """That sshd can start with the new file, and that every line of it is in force.

    A sshd_config that doesn't include the file, or that sets something before, is refused.
    """
    return [
        Check("sshd", f"{SEPARATION}; $(command -v sshd || echo /usr/sbin/sshd) -t"),
        Check(
            "sshd_config",
            f"{SEPARATION}; $(command -v sshd || echo /usr/sbin/sshd) -T >/run/sshd/effective;"
            " missing=$(printf '%s\\n' "
            + " ".join(f"'{line}'" for line in effective(files))
            + " | grep -vixFf /run/sshd/effective); rm -f /run/sshd/effective;"
            ' [ -z "$missing" ] || { echo "not in force, something else in /etc/ssh sets it'
            ' first: $missing"; exit 1; }',
        ),
    ]


_SPOKEN_OTHERWISE = (
    "allowgroups",  # sshd -T prints one line for each group
    "challengeresponseauthentication",
    "debianbanner",  # not printed at all
    "permitrootlogin",  # prohibit-password is printed by its former name
    "pubkeyacceptedkeytypes",
)


def effective(files: list[Entry]) -> list[str]:
    """What `sshd -T` must print, in any case, of what it prints as it was written."""
    lines = [
        line
        for file in files
        if isinstance(file, File)
        for line in file.data.decode().splitlines()
        if line and not line.startswith("#")
    ]
    return [line for line in lines if line.split()[0].lower() not in _SPOKEN_OTHERWISE]
