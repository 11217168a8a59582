"""apply.sh for real: one checked, atomic, secret-safe change, and nothing when a check fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from roles.core.change import Check
from roles.core.entries import Absent, Directory, Entry, File, Link
from roles.core.fileset import Files

from .sandbox import Sandbox

A = File("/etc/rh/a.conf", "good\n")
SECRET = File("/etc/rh/secret", "hunter\n", mode=0o640, group="www-data", secret=True)
SET: list[Entry] = [A, SECRET, Directory("/etc/rh/d", mode=0o750), Link("/etc/rh/link", "a.conf")]
REFUSE = "grep -q good /etc/rh/a.conf || { echo 'line 1: no good'; exit 1; }"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    box = Sandbox()
    yield box
    box.close()


def test_a_set_is_installed_with_its_modes_and_owners_and_a_second_run_changes_nothing(
    sandbox: Sandbox,
) -> None:
    result = sandbox.sync("t", SET, checks=[REFUSE])
    assert result is not None
    assert result.returncode == 0, result.stderr
    shown = sandbox.out("stat -c '%a %U:%G %F %n' /etc/rh/* && cat /etc/rh/link /etc/rh/secret")
    assert shown.splitlines() == [
        "644 root:root regular file /etc/rh/a.conf",
        "750 root:root directory /etc/rh/d",
        "777 root:root symbolic link /etc/rh/link",
        "640 root:www-data regular file /etc/rh/secret",
        "good",
        "hunter",
    ]
    assert sandbox.sync("t", SET, checks=[REFUSE]) is None


def test_directories_above_a_file_are_made_for_everybody_to_enter(sandbox: Sandbox) -> None:
    sandbox.sync("t", [File("/etc/rh/x/y/z.conf", "1")])
    assert sandbox.out("stat -c %a /etc/rh/x /etc/rh/x/y").split() == ["755", "755"]


@pytest.mark.parametrize("views", ["private", "none"])
def test_a_refused_set_leaves_every_byte_as_it_was(sandbox: Sandbox, views: str) -> None:
    prefix = ""
    if views == "none":  # a host that allows no mount namespaces
        sandbox.run("mkdir /run/bin && printf '#!/bin/sh\\nexit 7\\n' > /run/bin/unshare")
        sandbox.run("chmod 755 /run/bin/unshare")
        prefix = "PATH=/run/bin:$PATH; "
    sandbox.sync("t", [*SET, File("/etc/rh/old", "old\n")])
    everything = "find /etc/rh -exec stat -c '%a %U %G %s %n' {} + | sort; cat /etc/rh/*"
    before = sandbox.out(everything)

    bad: list[Entry] = [
        File("/etc/rh/a.conf", "bad\n"),
        File("/etc/rh/new", "n"),
        Absent("/etc/rh/secret"),
    ]
    result = sandbox.sync("t", bad, prefix=prefix, checks=["true", REFUSE])

    assert result is not None
    assert result.returncode == 1
    assert "line 1: no good" in result.stderr
    assert sandbox.out(everything) == before
    # Refused for its content only: the same change passes when the check accepts it.
    accepted = sandbox.sync("t", bad, prefix=prefix, checks=["true"])
    assert accepted is not None
    assert accepted.returncode == 0
    assert sandbox.out("ls /etc/rh").split() == ["a.conf", "new"]


def test_a_check_may_run_as_another_user(sandbox: Sandbox) -> None:
    check = "setpriv --reuid=nobody --clear-groups cat /etc/rh/a.conf"
    result = sandbox.sync("t", [A], checks=[check])
    assert result is not None
    assert result.returncode == 0, result.stderr


def test_what_the_role_no_longer_has_is_removed_and_what_a_package_ships_too(
    sandbox: Sandbox,
) -> None:
    sandbox.run("mkdir -p /etc/rh; echo x > /etc/rh/default")
    sandbox.sync("t", [*SET, Absent("/etc/rh/default")])
    sandbox.sync("t", [A])
    assert sandbox.out("ls /etc/rh") == "a.conf"


def test_a_directory_that_is_not_empty_is_kept(sandbox: Sandbox) -> None:
    sandbox.sync("t", [Directory("/etc/rh/d")])
    sandbox.run("touch /etc/rh/d/precious")
    sandbox.sync("t", [A])
    assert sandbox.out("ls /etc/rh/d") == "precious"


def test_a_full_disk_leaves_the_old_files_whole(sandbox: Sandbox) -> None:
    sandbox.run("mkdir -p /etc/rh && mount -t tmpfs -o size=64k tmpfs /etc/rh")
    sandbox.sync("t", [A])
    big = [File("/etc/rh/a.conf", "good\n" * 8000), File("/etc/rh/b", "x" * 60_000)]
    result = sandbox.sync("t", big)
    assert result is not None
    assert result.returncode == 1
    assert "nothing has been changed" in result.stderr
    assert sandbox.out("ls -A /etc/rh; cat /etc/rh/a.conf").split() == ["a.conf", "good"]


def test_commands_are_owed_until_they_succeeded(sandbox: Sandbox) -> None:
    failing = sandbox.sync("t", [A], commands=["test -e /run/go"])
    assert failing is not None
    assert failing.returncode != 0
    assert sandbox.state("t", [A.path]).pending
    sandbox.run("touch /run/go")
    finished = sandbox.sync("t", [A], commands=["test -e /run/go"])
    assert finished is not None
    assert finished.returncode == 0
    assert sandbox.sync("t", [A], commands=["test -e /run/go"]) is None


def test_stamps_fall_before_the_files_move(sandbox: Sandbox) -> None:
    sandbox.run("mkdir -p /var/lib/readyhost/stamps; echo 1 > /var/lib/readyhost/stamps/x.reload")
    # /etc/rh/a.conf is a directory here, so that the move itself fails: as a run that dies there.
    sandbox.run("mkdir -p /etc/rh/a.conf/sub")
    result = sandbox.sync("t", [A], stamps=["x.reload"])
    assert result is not None
    assert result.returncode != 0
    assert sandbox.out("ls /var/lib/readyhost/stamps") == ""


def test_a_missing_owner_is_named_before_anything_is_written(sandbox: Sandbox) -> None:
    result = sandbox.sync("t", [File("/etc/rh/a.conf", "x", owner="nosuchuser")])
    assert result is not None
    assert result.returncode == 1
    assert "nosuchuser" in result.stderr
    assert sandbox.out("ls /etc/rh 2>/dev/null") == ""


def test_nothing_is_left_in_temporary_places(sandbox: Sandbox) -> None:
    sandbox.sync("t", SET, checks=[REFUSE])
    sandbox.sync("t", [File("/etc/rh/a.conf", "bad")], checks=[REFUSE])
    assert sandbox.out("ls -d /run/readyhost.* /etc/rh/*dpkg-tmp /tmp/*dpkg-tmp 2>/dev/null") == ""


def test_a_secret_is_never_readable_by_others_not_even_for_a_moment(sandbox: Sandbox) -> None:
    # Every file that is opened for writing during the change is seen through inotify's eyes: the
    # sandbox polls as fast as it can for a world-readable name that holds the secret's size.
    watcher = (
        "end=$(($(date +%s) + 20)); : > /run/seen; while [ ! -e /run/done ] && [ $(date +%s) -lt"
        " $end ]; do find /etc/rh /run/readyhost.* -type f -size 7c -perm /004 >> /run/seen"
        " 2>/dev/null; done"
    )
    sandbox.run(f"({watcher}) >/dev/null 2>&1 &")
    for _ in range(5):
        sandbox.sync("t", [SECRET])
        sandbox.sync("t", [])
    sandbox.run("touch /run/done; sleep 0.2")
    assert sandbox.out("cat /run/seen") == ""


FOREIGN = (
    "mkdir -p /etc/rh/theirs /etc/rh/canary; chown nobody /etc/rh/theirs;"
    " ln -s /etc/rh/canary /etc/rh/theirs/inside"
)
INSIDE = File("/etc/rh/theirs/inside/kept.sh", "of root\n")


@pytest.mark.parametrize("checks", [["true"], []])
def test_SEC_03_a_link_in_a_folder_of_others_is_not_followed(
    sandbox: Sandbox, checks: list[str]
) -> None:
    sandbox.run(FOREIGN)
    result = sandbox.sync("t", [INSIDE], checks=checks)
    assert result is not None
    assert result.returncode == 1
    assert "links on the way to these files" in result.stderr
    assert "/etc/rh/theirs (nobody:root)" in result.stderr
    assert "changed on this host" in result.stderr
    assert sandbox.out("find /etc/rh/canary -type f; ls /etc/rh/theirs") == "inside"


@pytest.mark.parametrize("checks", [["test -d /etc/rh/theirs/inside"], []])
def test_SEC_03_folders_become_root_s_before_anything_in_them_is_used(
    sandbox: Sandbox, checks: list[str]
) -> None:
    sandbox.run(FOREIGN)
    places = ("/etc/rh/theirs", "/etc/rh/theirs/inside")
    folders = [Directory(place, 0o750, group="www-data") for place in places]
    result = sandbox.sync("t", [*folders, INSIDE], checks=checks)
    assert result is not None
    assert result.returncode == 0, result.stderr
    assert sandbox.out("find /etc/rh/canary -type f") == ""
    shown = sandbox.out("find /etc/rh/theirs -printf '%y %m %u:%g %f\n'")
    assert shown.splitlines() == [
        "d 750 root:www-data theirs",
        "d 750 root:www-data inside",
        "f 644 root:root kept.sh",
    ]
    assert sandbox.sync("t", [*folders, INSIDE], checks=checks) is None


@pytest.mark.parametrize(
    ("check", "blamed"),
    [
        ("! echo fault in /etc/rh/own-b.conf:1", ["b.conf: it is refused, as /etc/rh/own-b.conf"]),
        ("! echo fault", ["own among these files: team/a.conf", "these files: team/b.conf"]),
    ],
)
def test_a_refusal_names_the_teams_own_file(
    sandbox: Sandbox, check: str, blamed: list[str]
) -> None:
    own = [File(f"/etc/rh/own-{name}.conf", "x", source=f"team/{name}.conf") for name in "ab"]
    refused = sandbox.sync("t", [A, *own], checks=[Check("nginx -t", check)], sources=own)
    assert refused is not None
    assert refused.returncode == 1
    named = [line for line in refused.stderr.splitlines() if "team/" in line]
    assert len(named) == len(blamed)
    for line, words in zip(named, blamed, strict=True):
        assert words in line
    assert sandbox.out("ls /etc/rh 2>/dev/null; true") == ""


def test_no_command_follows_what_nothing_has_read_yet(sandbox: Sandbox) -> None:
    def changed(a: str, release: str) -> bool:
        """Whether the command followed."""
        entries = [File(A.path, f"good {a}\n"), File("/etc/rh/next/release", release)]
        ran = ["touch /run/followed"]
        files = Files("t", "t", entries, commands=ran, unread="/etc/rh/next/")
        due = files.due(sandbox.run(files.question()).stdout.splitlines())
        for do in due.do:
            assert sandbox.run(do.command, do.stdin).returncode == 0
        return sandbox.run("rm /run/followed").returncode == 0

    assert changed("1", "v1"), "all of it is new"
    assert not changed("1", "v2")
    assert changed("2", "v2")
    assert changed("3", "v3")
    sandbox.run("touch /var/lib/readyhost/owed/t")
    assert changed("3", "v4"), "an earlier run left it"
