"""What an environment says about its backups."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator
from typing_extensions import Self

from roles.core.model import Secret, Slice

Schedule = Annotated[str, StringConstraints(pattern=r"^([0-9*/,-]+ +){4}[0-9A-Za-z*/,-]+$")]
Path = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9._/+-]*[A-Za-z0-9_]$")]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]+$")]


class Offsite(Slice):
    """Storage that speaks S3 (AWS, Wasabi, MinIO, any other) for a second copy of everything."""

    bucket: str | None = Field(
        None,
        pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        description="Bucket of the off-site copy; it must be there. No off-site copy when not set.",
        examples=["shop-backup"],
    )
    endpoint: Host = Field(
        "s3.amazonaws.com",
        description="Host name of the storage, such as s3.eu-central-1.wasabisys.com.",
    )
    port: int = Field(443, ge=1, le=65_535, description="TCP port of the storage; TLS always.")
    region: str = Field(
        "us-east-1", pattern=r"^[a-z0-9-]+$", description="Region, as the storage names it."
    )
    prefix: str = Field(
        "readyhost",
        pattern=r"^[A-Za-z0-9._-]+$",
        description="Folder in the bucket, so that several hosts can share one.",
    )
    path_style: bool = Field(
        True,
        description="Whether the bucket is in the path and not in the host name: every storage"
        " understands it, and a certificate needs no wildcard.",
    )
    ca_file: Path | None = Field(
        None,
        description="File on the host with the authority that signed the storage's certificate,"
        " where it is a private one. The system's authorities when not set.",
    )
    key: Secret | None = Field(None, description="Access key's name. Secret.")
    secret: Secret | None = Field(None, description="Access key's secret. Secret.")

    @model_validator(mode="after")
    def _has_credentials(self) -> Self:
        if self.bucket and not (self.key and self.secret):
            raise ValueError(
                "must have a key and a secret for its bucket: READYHOST_BACKUP__OFFSITE__KEY and"
                " READYHOST_BACKUP__OFFSITE__SECRET"
            )
        return self


class Mirror(Slice):
    """Another host that is reached by SSH, for a second copy of everything."""

    host: Host | None = Field(
        None,
        description="Host name or address. No mirror when not set.",
        examples=["backup.example.com"],
    )
    port: int = Field(22, ge=1, le=65_535, description="TCP port of its SSH server.")
    user: str = Field(
        "backup", pattern=r"^[a-z_][a-z0-9_.-]*$", description="User there, of its own."
    )
    path: str = Field(
        "readyhost",
        pattern=r"^[A-Za-z0-9._/-]*[A-Za-z0-9_]$",
        description="Folder there, absolute or below the user's home; one for each host. A command"
        " in authorized_keys (docs/backup.md) has its own.",
    )
    host_key: str | None = Field(
        None,
        pattern=r"^(ssh-ed25519|ecdsa-sha2-nistp256|ssh-rsa) [A-Za-z0-9+/]+=*$",
        description="Its public host key, as ssh-keyscan prints it after the host's name.",
    )
    late_minutes: int = Field(
        15, ge=1, le=1440, description="The watch warns when the mirror is so far behind, minutes."
    )

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.host and not self.host_key:
            raise ValueError("must have a host_key for its host: ssh-keyscan -t ed25519 HOST")
        return self


class Backup(Slice):
    """What is kept, where, how often, and what that may cost the live service."""

    passphrase: Secret = Field(
        description="Encrypts every backup, local and off-site. Keep a copy away from the host:"
        " without it no backup can be read. Secret."
    )
    directory: Path = Field(
        "/var/backups/readyhost", description="Where the local backups are, on the host."
    )
    offsite: Offsite = Field(Offsite(), description="The second copy, at another place.")
    mirror: Mirror = Field(
        Mirror(), description="A second copy at another host, instead of storage or beside it."
    )
    paths: tuple[Path, ...] = Field(
        (), description="Further directories that are backed up beside the uploads."
    )
    redis: bool = Field(
        False,
        description="Whether Redis holds more than a cache, so that its snapshot is kept too.",
    )
    keep_days: int = Field(
        30, ge=1, le=3650, description="Backups are kept so long, days; any moment can be restored."
    )
    full_schedule: Schedule = Field(
        "10 2 * * 0", description="When a full backup is made, as cron says it: Sundays."
    )
    differential_schedule: Schedule = Field(
        "10 2 * * 1-6",
        description="When what changed since the full one is backed up, as cron says it: daily.",
    )
    files_schedule: Schedule = Field(
        "10 3 * * *", description="When files are backed up, as cron says it: daily."
    )
    dump_schedule: Schedule = Field(
        "40 3 * * *", description="When each database is dumped, as cron says it: daily."
    )
    drill_schedule: Schedule = Field(
        "40 4 * * 3", description="When the restore is rehearsed, as cron says it: Wednesdays."
    )
    watch_minutes: int = Field(
        10,
        ge=1,
        le=59,
        description="How often the age of the backups and the archive's queue are looked at,"
        " minutes.",
    )
    jitter: int = Field(
        900,
        ge=0,
        le=3600,
        description="A job starts up to so much later, at random, seconds: many hosts must not"
        " meet at one storage.",
    )
    deadline_minutes: int = Field(
        360,
        ge=1,
        le=1440,
        description="A job that takes longer has failed and is ended, minutes.",
    )
    archive_timeout: int = Field(
        60,
        ge=10,
        le=3600,
        description="At most so much of the database's work is not archived yet, seconds: what a"
        " lost host loses.",
    )
    archive_queue_mb: int = Field(
        2048,
        ge=64,
        le=1_048_576,
        description="When so much waits for an archive that can't be reached, it is given up and"
        " not kept any longer, MiB: the disk must not fill. The watch warns at half of it. Then"
        " a gap is in the archive until the next backup.",
    )
    storage_timeout: int = Field(
        15,
        ge=1,
        le=600,
        description="A storage that says nothing for so long can't be reached, seconds.",
    )
    processes: int | None = Field(
        None,
        ge=1,
        le=64,
        description="Processes that compress and send, number. Computed when not set: half of the"
        " cores, from 1 to 4.",
    )
    compression_level: int = Field(
        3, ge=1, le=19, description="Level of Zstandard; above 6 it costs more than it saves."
    )
    cpu_percent: int = Field(
        50,
        ge=5,
        le=800,
        description="Most that a job takes of the processors, % of one core.",
    )
    memory_mb: int = Field(
        1024, ge=256, le=65_536, description="Most memory that a job takes, MiB."
    )
    disk_reserve_percent: int = Field(
        10,
        ge=1,
        le=50,
        description="A drill does not start, and the watch warns, when less than this is free on"
        " the disk, %.",
    )
    sample_files: int = Field(
        20,
        ge=1,
        le=1000,
        description="Files whose checksums a backup notes and a drill compares, number.",
    )
    count_mb: int = Field(
        1024,
        ge=0,
        le=1_048_576,
        description="A drill counts the rows of tables up to this size, MiB, and of larger ones"
        " compares the newest key alone: counting reads the whole table.",
    )
    textfile: Path = Field(
        "/var/lib/prometheus/node-exporter",
        description="Folder from which node-exporter reads backup.prom.",
    )


class Restore(Slice):
    """What restore.py brings back. Said with --data, never kept in a file."""

    what: Literal["database", "dump", "files", "redis", "all"] = Field(
        "database",
        description="database: all of it, as it was at a moment. dump: one database or table from"
        " the daily dump. files: uploads and other paths. redis: its snapshot, where backup.redis"
        " is set. all: everything, for a new host.",
    )
    to: str = Field(
        "latest",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._:+@-]{0,62}$",
        description="The moment: latest, a time in UTC such as 2026-01-31 12:00:00, or the name of"
        " a point such as release-v1.2.0.",
    )
    source: Literal["local", "offsite", "mirror"] = Field(
        "local", description="Which copy it is taken from."
    )
    database: str | None = Field(
        None,
        pattern=r"^[A-Za-z_][A-Za-z0-9_-]*$",
        description="Database of a dump. The application's when not set.",
    )
    table: str | None = Field(
        None,
        pattern=r"^[A-Za-z_][A-Za-z0-9_.]*$",
        description="Table whose rows alone are taken from the dump, such as public.orders.",
    )
    paths: tuple[Path, ...] = Field(
        (), description="Files or directories that alone are restored. All when empty."
    )
