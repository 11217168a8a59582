"""The host's program itself: its configuration, other programs, locks, what a failure says."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from roles.backup.host import configuration, errors, lock, process, restic
from roles.backup.host.errors import BackupError


def test_what_the_toolkit_writes_is_what_the_program_reads(
    here: configuration.Configuration,
) -> None:
    assert here.cluster.unit == "postgresql@14-main"
    assert here.repository(None).name == "local"
    with pytest.raises(BackupError, match="there is no repository offsite; there is local"):
        here.repository("offsite")


THERE = "\nIs there a repository at the following location?\ns3:https://10.0.3.1/shop"


@pytest.mark.parametrize(
    "said, advice",
    [
        ("ERROR: [039]: No space left on device", "the disk is full"),
        ("ERROR:  canceling statement due to statement timeout", "has kept that table locked"),
        ("CryptoError: unable to flush", "passphrase is not the one"),
        ("Fatal: wrong password or no key found", "passphrase is not the one"),
        ("checksum does not match", "make a new one now"),
        ("HTTP request failed with 403 (Forbidden)", "refuses the key"),
        ("unable to load info file 'a': ProtocolError: 403 (Forbidden)", "refuses the key"),
        ("NoSuchBucket", "no such bucket"),
        ("backup@10.0.3.9: Permission denied (publickey).", "does not let this one in"),
        ("ssh: connect to host 10.0.3.9 port 22: Connection refused", "the mirror can't be"),
        ("FormatError: key/value found outside of section", "passphrase is not the one"),
        ("repository is already locked by PID 7098, storage ID 25754040", "another backup"),
        ("[HostConnectError] unable to connect to '10.0.3.1'", "can't be reached"),
        ("HTTP request failed with 503 (Service Unavailable)", "can't be reached"),
        ("HTTP request failed with 404 (Not Found)", "no such bucket"),
        (f"unable to open config file: Stat: Access Denied.{THERE}", "refuses the key"),
        (f"unable to open config file: Stat: 503 Service Unavailable{THERE}", "can't be reached"),
        (f"unable to open config file: Stat: The specified key does not exist.{THERE}", "is gone"),
        (f"unable to open config file: stat /b/config: no such file{THERE}", "is gone"),
        ("unable to load info file 'a': unable to open missing file '/b/backup.info'", "is gone"),
        ("ERROR: [040]: archive directory not empty", "there are remains"),
        ("FATAL: recovery ended before configured recovery target was reached", "is missing"),
        ("13:14:01.503 GMT [404] FATAL:  could not locate required checkpoint", "is missing"),
        ("13:14:01.404 GMT [503] FATAL:  could not locate required checkpoint", "is missing"),
    ],
)
def test_a_failure_says_what_to_do(said: str, advice: str) -> None:
    assert advice in errors.advised(said).splitlines()[-1]


def test_an_unknown_failure_is_given_as_it_is() -> None:
    assert errors.advised("something odd") == "something odd"


def test_a_failed_program_speaks_and_a_good_one_is_heard() -> None:
    assert process.run(["echo", "heard"]) == "heard\n"
    with pytest.raises(BackupError, match="sh failed:\nwhy it did"):
        process.run(["sh", "-c", "echo why it did >&2; exit 3"])
    assert process.run(["sh", "-c", "exit 3"], forgiven=[3]) == ""


def test_two_of_a_kind_never_run_at_once(tmp_path: Path) -> None:
    with lock.held("job", tmp_path):
        with pytest.raises(BackupError, match="still running"), lock.held("job", tmp_path):
            pass
        with lock.held("drill", tmp_path, wait=True):
            pass
    with lock.held("job", tmp_path):
        pass


def test_a_name_with_wild_cards_means_itself() -> None:
    assert restic.literal("/srv/a[1]*?.png") == r"/srv/a\[1\]\*\?.png"


def test_a_storage_that_does_not_listen_is_said_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    away = configuration.Repository("offsite", 2, f"s3:https://127.0.0.1:{port}/b/p/files", [])
    with pytest.raises(BackupError, match="the storage can't be reached"):
        restic.reach(away)
    restic.reach(configuration.Repository("local", 1, "/var/backups/readyhost/files", []))
