"""Every file that backups need."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from roles.core.entries import Directory, Entry, File
from roles.core.machine import Machine
from roles.core.programs import program_files
from roles.core.templates import render

from . import keys, pulled
from .derived import Kept, definition, handed_over, places, processes, queue_mb
from .host.idle_scheduling import SLICE
from .settings import Backup

FOLDER = "/etc/backup"
PROGRAM = "/usr/local/lib/readyhost/backup"
COMMAND = "/usr/local/sbin/backup"
PGBACKREST = "/etc/pgbackrest.conf"
ARCHIVE = "/usr/local/lib/readyhost/pgbackrest-archive"
SOURCES = Path(__file__).with_name("host")


def packages(settings: Backup, machine: Machine, kept: Kept) -> list[str]:
    """The packages that backups need."""
    mirror = ["openssh-client", "rsync"] if settings.mirror.host else []
    pull = ["rsync", "sudo"] if settings.pull.key else []
    engine = ["pgbackrest"] if kept.has_database else []
    return ["cron", *engine, "restic", *sorted({*mirror, *pull})]


def archiving(kept: Kept) -> str:
    """Path of the part of PostgreSQL's configuration that archives."""
    return f"{kept.cluster.etc}/conf.d/backup.conf"


def entries(settings: Backup, machine: Machine, kept: Kept) -> list[Entry]:
    """The engines' configuration, the program, its schedule, and where backups go."""
    write = partial(render, "backup", settings=settings, kept=kept)
    values = json.dumps(definition(settings, kept), indent=1) + "\n"
    return [
        Directory(FOLDER, 0o700),
        File(f"{FOLDER}/backup.json", values, mode=0o600),
        write(f"{FOLDER}/passphrase", mode=0o600),
        write(f"{FOLDER}/storage", mode=0o600),
        *(_engine(settings, machine, kept) if kept.has_database else ()),
        *_login(settings),
        *(_of_database(settings, kept) if kept.has_database else ()),
        write(f"/etc/systemd/system/{SLICE}"),
        write("/etc/cron.d/backup", command=COMMAND),
        write(COMMAND, mode=0o755),
        *(() if kept.has_database else (Directory("/usr/local/lib/readyhost"),)),
        *_program(),
        *pulled.entries(settings),
        Directory(settings.directory, 0o711),
        *(_folders(settings) if kept.has_database else ()),
        Directory(f"{settings.directory}/files", 0o700),
        Directory(settings.textfile),
    ]


def _of_database(settings: Backup, kept: Kept) -> list[Entry]:
    """What is there for PostgreSQL alone: its archive, and restore points."""
    write = partial(render, "backup", settings=settings, kept=kept)
    postgres = {"owner": "postgres", "group": "postgres"}
    points = [
        write(
            f"/etc/systemd/system/{name}-release-{slot}.service.d/restore-point.conf",
            template="backup/etc/systemd/system/app-release.service.d/restore-point.conf.j2",
        )
        for name in kept.names
        for slot in ("blue", "green")
    ]
    return [
        write(
            archiving(kept),
            template="backup/etc/postgresql/main/conf.d/backup.conf.j2",
            mode=0o640,
            archive=ARCHIVE,
            seconds=handed_over(settings),
            **postgres,
        ),
        Directory("/usr/local/lib/readyhost"),
        write(ARCHIVE, mode=0o755),
        *points,
    ]


def _folders(settings: Backup) -> list[Entry]:
    """Those of the database's backups, which PostgreSQL's user writes."""
    postgres = {"owner": "postgres", "group": "postgres"}
    return [
        Directory(f"{settings.directory}/{name}", 0o700, **postgres)
        for name in ("database", "dumps")
    ]


def _engine(settings: Backup, machine: Machine, kept: Kept) -> list[Entry]:
    """pgBackRest's configuration: of all repositories, and of each alone, for the archive."""
    files = {PGBACKREST: places(settings)}
    files |= {f"/etc/pgbackrest-{name}.conf": (name,) for name in places(settings)}
    return [
        render(
            "backup",
            path,
            template="backup/etc/pgbackrest.conf.j2",
            mode=0o640,
            group="postgres",
            settings=settings,
            kept=kept,
            places=names,
            processes=processes(settings, machine),
            queue_mb=queue_mb(settings, names[-1]),
        )
        for path, names in files.items()
    ]


def _login(settings: Backup) -> list[Entry]:
    """The mirror's key and its host's."""
    if not settings.mirror.host:
        return []
    return [
        render("backup", f"{FOLDER}/mirror-key", mode=0o600, key=keys.private(settings.passphrase)),
        render("backup", f"{FOLDER}/known_hosts", mode=0o600, mirror=settings.mirror),
    ]


def _program() -> list[Entry]:
    return [Directory(PROGRAM), *program_files(SOURCES, PROGRAM)]
