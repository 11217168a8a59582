"""What lets another host fetch the backups: an account that has them read, and nothing else."""

from __future__ import annotations

from pathlib import Path

from roles.core.entries import Directory, Entry, File
from roles.core.shell import Commands
from roles.core.step import Part
from roles.core.templates import render

from .host.idle_scheduling import SLICE
from .settings import Backup

USER = "readyhost-pull"
HOME = f"/var/lib/{USER}"
COMMAND = "/usr/local/lib/readyhost/backup-pulled"
READER = "/usr/local/lib/readyhost/readyhost-mirror"
MAKE = f"useradd --system --home-dir {HOME} --shell /bin/sh {USER}"
END = (f"pkill -KILL -u {USER} || true", f"userdel --force {USER}")
SOURCE = Path(__file__).with_name("mirror") / "readyhost-mirror.sh"


def account(settings: Backup) -> tuple[str, ...]:
    """The account that the other host logs in as, where there is to be one: it may log in."""
    return (USER,) if settings.pull.key else ()


def login(settings: Backup) -> Part:
    """That account is there, or gone. It comes before ssh's part, which lets nobody in who is no
    account of the host."""
    there = f"getent passwd {USER}"
    step = Commands(
        name="Backup | account of the host that fetches",
        unless=there if settings.pull.key else f"! {there}",
        commands=[MAKE] if settings.pull.key else [*END],
    )
    return Part("backup", (step,))


def entries(settings: Backup) -> list[Entry]:
    """Its key, and what it may do. All of it is root's: who has the key changes nothing of it."""
    if not settings.pull.key:
        return []
    return [
        File(READER, SOURCE.read_bytes(), mode=0o755),
        render(
            "backup",
            COMMAND,
            mode=0o755,
            settings=settings,
            user=USER,
            reader=READER,
            slice=SLICE,
        ),
        render("backup", f"/etc/sudoers.d/{USER}", mode=0o440, user=USER, command=COMMAND),
        Directory(HOME),
        Directory(f"{HOME}/.ssh"),
        render("backup", f"{HOME}/.ssh/authorized_keys", pull=settings.pull, command=COMMAND),
    ]
