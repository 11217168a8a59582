"""Every file of the SSH server, and how to see that sshd takes it."""

from __future__ import annotations

from roles.core.change import Check
from roles.core.entries import Entry, File
from roles.core.machine import Machine
from roles.core.templates import render

from .algorithms import algorithms, version
from .settings import Sshd

MAIN = "/etc/ssh/sshd_config"
FOLDER = "/etc/ssh/sshd_config.d"
CONFIGURATION = f"{FOLDER}/00-readyhost.conf"
UNIT = "/etc/systemd/system/ssh.service.d/readyhost.conf"
SEPARATION = "mkdir -p /run/sshd"  # not there before a socket-activated sshd has started


SSHD = "$(command -v sshd || echo /usr/sbin/sshd)"
TAKEN = f"{SEPARATION}; {SSHD} -t"
"""Whether sshd can start with what is in /etc/ssh."""


def packages(settings: Sshd, machine: Machine) -> list[str]:
    """The packages that the SSH server needs."""
    return ["openssh-server"]


def entries(settings: Sshd, machine: Machine, *, user: str, rsa: bool) -> list[Entry]:
    """The configuration, read before what the distribution and the cloud's image have, and what its
    unit may not.

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
        ),
        render("ssh", UNIT),
    ]


def checks(files: list[Entry]) -> list[Check]:
    """That sshd can start with the new file, and that every line of it is in force.

    A sshd_config that doesn't include the file, or that sets something before, is refused.
    """
    return [
        Check("sshd", TAKEN),
        Check("sshd_config", f"missing=$({missing(files)}); {REFUSED}"),
    ]


REFUSED = (
    '[ -z "$missing" ] || { echo "not in force, something else in /etc/ssh sets it first:'
    ' $missing"; false; }'
)


def missing(files: list[Entry]) -> str:
    """Shell: prints each line of the new file that is not in force."""
    return (
        f"{SEPARATION}; {SSHD} -T >/run/sshd/effective; printf '%s\\n' "
        + " ".join(f"'{line}'" for line in effective(files))
        + " | grep -vixFf /run/sshd/effective; rm -f /run/sshd/effective"
    )


def included(files: list[Entry]) -> str:
    """Shell: has sshd_config begin with our file if it does not read it at all any more. Fails, and
    says so, where another file or line comes first: somebody has written that for a reason."""
    lacks, new = f"missing=$({missing(files)})", f"{MAIN}.new"
    has = f"grep -Eqi '^[[:blank:]]*Include[[:blank:]]+{FOLDER}' {MAIN}"
    # Into the file as it is: its mode and owner stay.
    first = f"{{ echo 'Include {FOLDER}/*.conf'; cat {MAIN}; }} >{new}; cat {new} >{MAIN}; rm {new}"
    return (
        f'{lacks}; [ -z "$missing" ] || {has}'
        f" || {{ {first}; echo '{MAIN} includes {FOLDER} again'; {lacks}; }}; {REFUSED}"
    )


_SPOKEN_OTHERWISE = (
    "allowgroups",  # sshd -T prints one line for each group
    "challengeresponseauthentication",
    "debianbanner",  # not printed at all
    "persourcepenalties",
    "permitrootlogin",  # prohibit-password is printed by its former name
    "pubkeyacceptedkeytypes",
)


def effective(files: list[Entry]) -> list[str]:
    """What `sshd -T` must print, in any case, of what it prints as it was written."""
    lines = [
        line
        for file in files
        if isinstance(file, File) and file.path == CONFIGURATION
        for line in file.data.decode().splitlines()
        if line and not line.startswith("#")
    ]
    return [line for line in lines if line.split()[0].lower() not in _SPOKEN_OTHERWISE]
