"""What goes wrong with a backup, in words that say what to do."""

from __future__ import annotations

from roles.core.host import errors


class BackupError(errors.HostError):
    """It did not happen, and why. Lines for the operator."""


class LateError(Exception):
    """The deadline is over: nothing else is tried, unlike after a BackupError."""


# What the engines say, and what to do about it.
ADVICE = (
    (
        r"was not archived before",
        "the server does not archive: /var/log/postgresql says why, after `archive command failed`",
    ),
    (r"repository is already locked|unable to (acquire|create) lock", "another backup is running"),
    (
        r"too many levels of symbolic links",
        "a link is in the place of a folder that is in the backup, and none is followed: remove it"
        " (find FOLDER -type l), find out who made it, and restore again",
    ),
    (
        r"canceling statement due to (statement|lock) timeout",
        "somebody has kept that table locked for minutes, a migration or an application: find out"
        " who (SELECT pid, usename, query FROM pg_stat_activity), end it, and run this again",
    ),
    (r"No space left|disk (is )?full", "the disk is full: make room or move backup.directory"),
    (
        r"do not match the database|system-id",
        "the repository holds the backups of another database: restore it"
        " (docs/disaster-recovery.md), or set another backup.directory or backup.offsite.prefix",
    ),
    (
        r"Content-MD5.*Object Lock",
        "the bucket has a default lock, which restic before 0.13 (Ubuntu 22.04's) can't write to:"
        " docs/backup-copies.md, A lock",
    ),
    # before what an engine makes of it: no file to read, so perhaps no passphrase for it
    (
        r"\b403 \(Forbidden|Access ?Denied|InvalidAccessKeyId|SignatureDoesNotMatch",
        "the storage refuses the key: check backup.offsite.key, its secret and its rights",
    ),
    (
        r"\b404 (\(|Not Found)|NoSuchBucket|bucket does not exist",
        "the storage has no such bucket: make it, or correct backup.offsite.bucket",
    ),
    (
        r"unable to open missing file '[^']*/(backup|archive)\.info'"
        r"|unable to open config file:.*(key does not exist|no such file)",
        "what was there is gone: bring it back (docs/backup-copies.md, Off-site), or begin anew"
        " there: backup stanza --reinitialise, then backup database full and backup files",
    ),
    (
        r"directory not empty",
        "there are remains without what describes them: remove them (of the storage, all below"
        " backup.offsite.prefix), or set another backup.directory or backup.offsite.prefix",
    ),
    (
        r"invalid page|pg_amcheck of",
        "the live database is damaged: drop what is (an index: REINDEX), or restore the moment"
        " before (backup list); then backup database full, and look at the disk",
    ),
    (
        r"cipher|unable to decrypt|wrong password|no key found|flush(ed)? (decompress|decrypt)"
        r"|CryptoError|unable to load info file|outside of section",
        "it can't be decrypted: the passphrase is not the one that it was made with, or the file"
        " is damaged",
    ),
    (
        r"does not match|checksum|corrupt|ciphertext verification"
        r"|FormatError|zstd|hash mismatch",
        "a backup is damaged: make a new one now (backup database full; backup files) and find out"
        " what damaged it; the other repository may still have it whole",
    ),
    (
        r"Permission denied \(|only rsync is served|readyhost-mirror",
        "the mirror's host does not let this one in: docs/backup-copies.md, Another host",
    ),
    (
        r"Host key verification failed|REMOTE HOST IDENTIFICATION",
        "the mirror's host shows another key than backup.mirror.host_key: find out why first",
    ),
    (
        r"connect to host|Could not resolve hostname|Connection timed out|connection unexpectedly",
        "the mirror can't be reached: check the network and backup.mirror.host",
    ),
    (
        r"unable to connect|Connection refused|HostConnectError|timeout|no such host"
        r"|unable to get address|ServiceError|connection reset"
        # a status of HTTP, not a part of the time that a line of a log begins with
        r"|\b50[0-9] (\(|Internal|Bad|Service|Gateway)",
        "the storage can't be reached: check the network and backup.offsite.endpoint",
    ),
    (r"certificate|TLS", "the storage's certificate is not trusted: see backup.offsite.ca_file"),
    (
        r"recovery ended before configured recovery target|could not locate required checkpoint"
        r"|unable to find .* in the archive|FATAL: .*restore",
        "write-ahead log is missing in the archive: what came after the gap can't be restored;"
        " make a full backup now (backup database full)",
    ),
)


def advised(said: str) -> str:
    """What was said, and the advice for the first known reason in it."""
    return errors.advised(said, ADVICE)
