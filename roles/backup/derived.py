"""What is computed from the settings and the machine."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Protocol

from roles.core.machine import Machine

from . import keys
from .settings import Backup

MOST_PROCESSES = 4
DUMP_LEVEL = 3  # of gzip: little time for most of the gain
ALONE = (
    "no backup is away from this host: whoever takes it over can destroy them all. Set"
    " backup.offsite.bucket, backup.mirror.host or backup.pull.key (docs/backup-copies.md); if it"
    " is to be so: backup.local_only = true"
)
DAY, WEEK = 86_400, 604_800
ON_ITS_WAY = 5  # seconds that a segment may take to the repositories
GRACE = 7200  # seconds beyond its schedule that a job's result may take to come


class Cluster(Protocol):
    """Where PostgreSQL's cluster is: major version, systemd unit, and three directories."""

    @property
    def version(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def etc(self) -> str: ...
    @property
    def data(self) -> str: ...
    @property
    def bin(self) -> str: ...


@dataclass(frozen=True)
class KeptApp:
    """One of several applications: its name, the folder of its uploads, its database."""

    name: str
    uploads: str
    database: str


@dataclass(frozen=True)
class Kept:
    """What other roles have that is backed up: the application's files, PostgreSQL's databases,
    and Redis, by its socket. Ports are TCP, on the loopback address. guard: SQL that gives a
    restored database what keeps extensions from its owner. apps: all applications, where they are
    several; `app` and `uploads` are the first one's then. has_database: whether a database is on
    this host at all; without there are only files, and Redis."""

    app: str
    uploads: str
    cluster: Cluster
    port: int
    databases: tuple[str, ...]
    redis_socket: str = ""
    guard: str = ""
    apps: tuple[KeptApp, ...] = ()
    has_database: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """The applications' names."""
        return tuple(each.name for each in self.apps) or (self.app,)

    @property
    def folders(self) -> tuple[str, ...]:
        """What their users uploaded."""
        return tuple(each.uploads for each in self.apps) or (self.uploads,)


def processes(settings: Backup, machine: Machine) -> int:
    """Processes that compress and send: half of the cores, from 1 to 4, unless set."""
    return settings.processes or max(1, min(machine.cores // 2, MOST_PROCESSES))


def places(settings: Backup) -> tuple[str, ...]:
    """pgBackRest's repositories by name, the first is its number 1."""
    return ("local", "offsite") if settings.offsite.bucket else ("local",)


def elsewhere(settings: Backup) -> tuple[str, ...]:
    """The places of copies that are away from the host."""
    others = {"mirror": settings.mirror.host, "pull": settings.pull.key}
    return (*places(settings)[1:], *(name for name, given in others.items() if given))


def alone(settings: Backup) -> list[str]:
    """What every run says at its end of a host that alone has its backups, unless that is
    accepted."""
    return [] if elsewhere(settings) or settings.local_only else [ALONE]


def handed_over(settings: Backup) -> int:
    """Seconds after which PostgreSQL gives the archive what it has, full or not."""
    return settings.archive_timeout_seconds - ON_ITS_WAY


def queue_mb(settings: Backup, place: str) -> int:
    """What may wait for a repository, MiB. The local one never has a gap because the other one is
    away: what is given up there at the limit is still wanted here."""
    doubled = place == "local" and len(places(settings)) > 1
    return settings.archive_queue_mb * (2 if doubled else 1)


def definition(settings: Backup, kept: Kept) -> dict[str, Any]:
    """What the program on the host works with; nothing of it is secret."""
    return {
        "app": kept.app,
        **({"apps": [asdict(each) for each in kept.apps]} if kept.apps else {}),
        "cluster": {
            "version": kept.cluster.version,
            "data": kept.cluster.data,
            "unit": kept.cluster.unit,
            "bin": kept.cluster.bin,
            "etc": kept.cluster.etc,
            "port": kept.port,
        },
        **({} if kept.has_database else {"has_database": False}),
        "databases": list(kept.databases),
        "guard": kept.guard,
        "paths": [*kept.folders, *settings.paths],
        "sampled": kept.uploads,
        "redis_socket": kept.redis_socket if settings.redis else "",
        "directory": settings.directory,
        "repositories": repositories(settings),
        "mirror": mirror(settings),
        "elsewhere": _told(settings),
        "keep_days": settings.keep_days,
        "hollow_gb": settings.hollow_gb,
        "sample_files": settings.sample_files,
        "count_mb": settings.count_mb,
        "dump_level": DUMP_LEVEL,
        "archive_timeout": settings.archive_timeout_seconds,
        "archive_queue_mb": settings.archive_queue_mb,
        "disk_reserve_percent": settings.disk_reserve_percent,
        "cpu_percent": settings.cpu_percent,
        "cpu_period": settings.cpu_period_ms,
        "memory_mb": settings.memory_mb,
        "deadline": settings.deadline_minutes * 60,
        "jitter": settings.jitter_seconds,
        "textfile": f"{settings.textfile}/backup.prom",
        "longest_age": ages(settings, has_database=kept.has_database),
    }


def repositories(settings: Backup) -> list[dict[str, Any]]:
    """Where backups are: the local place first. `restic` is its address there, for files."""
    local = {"name": "local", "number": 1, "restic": f"{settings.directory}/files", "options": []}
    place = settings.offsite
    if not place.bucket:
        return [local]
    options = ["-o", f"s3.region={place.region}"]
    if not place.path_style:
        # By itself restic has the bucket in the path, but for Amazon.
        options += ["-o", "s3.bucket-lookup=dns"]
    if place.ca_file:
        options += ["--cacert", place.ca_file]
    address = f"s3:https://{place.endpoint}:{place.port}/{place.bucket}/{place.prefix}/files"
    return [local, {"name": "offsite", "number": 2, "restic": address, "options": options}]


def _told(settings: Backup) -> str:
    """What the host's own status says of copies elsewhere."""
    accepted = "none, as backup.local_only accepts"
    return ", ".join(elsewhere(settings)) or "; ".join(alone(settings)) or accepted


def mirror(settings: Backup) -> dict[str, Any] | None:
    """Where the mirror is, if there is one."""
    place = settings.mirror
    if not place.host:
        return None
    return {
        "host": place.host,
        "port": place.port,
        "user": place.user,
        "path": place.path,
        "timeout": settings.storage_timeout_seconds,
        "late": place.late_minutes * 60,
        "public_key": keys.public(settings.passphrase),
    }


def ages(settings: Backup, *, has_database: bool = True) -> dict[str, int]:
    """Seconds after which the last success of each job is too long ago: its period and some
    grace. Daily jobs and a weekly drill, unless the schedules say otherwise."""
    slack = settings.jitter_seconds + settings.deadline_minutes * 60 + GRACE
    found = {
        "database": DAY + slack,
        "files": _period(settings.files_schedule) + slack,
        "dump": _period(settings.dump_schedule) + slack,
        "drill": _period(settings.drill_schedule) + slack,
    }
    of_database = () if has_database else ("database", "dump")
    return {job: age for job, age in found.items() if job not in of_database}


def _period(schedule: str) -> int:
    """The longest pause of a schedule that names hours, or days of the week, or of the month."""
    _, _, day, _, weekday = schedule.split()
    if day != "*":
        return 31 * DAY
    return DAY if weekday in ("*", "0-6", "1-7", "0-7") else WEEK
