"""A repository of few bytes that is made to be endless on the operator's machine."""

from __future__ import annotations

import resource
import signal
import subprocess
import time

import pytest

from roles.app import git
from roles.app.source import resolve
from roles.core.errors import OperatorError

from .conftest import Repository

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(autouse=True)
def fresh() -> None:
    resolve.cache_clear()


def made(repository: Repository, kind: str, said: bytes, *words: str) -> str:
    """The name of an object that is made of what is said."""
    command = ["git", kind, *words]
    done = subprocess.run(command, cwd=repository.path, input=said, check=True, capture_output=True)
    return done.stdout.decode().strip()


def tree(repository: Repository, about: str, times: int) -> str:
    lines = "".join(f"{about}\t{number}\n" for number in range(times))
    return made(repository, "mktree", lines.encode())


def tagged(repository: Repository, top: str) -> None:
    commit = made(repository, "commit-tree", b"", top, "-m", "x")
    repository.git("tag", "v1", commit)


def test_REL_06_trees_in_trees_are_listed_to_a_bound(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten of ten of ten: 10^10 files in some KiB."""
    blob = made(repository, "hash-object", b"x", "-w", "--stdin")
    top = tree(repository, f"100644 blob {blob}", 10)
    for _ in range(9):
        top = tree(repository, f"040000 tree {top}", 10)
    tagged(repository, top)
    monkeypatch.setattr(git, "SAID", 2**20)  # the list of all would come at some MiB a second
    with pytest.raises(OperatorError, match=r"more than 1 MiB where git was asked for ls-tree"):
        resolve(str(repository.path), "v1")


def test_REL_06_one_file_of_many_names_is_not_packed(repository: Repository) -> None:
    blob = made(repository, "hash-object", bytes(2**22), "-w", "--stdin")
    top = tree(repository, f"100644 blob {blob}", 600)
    tagged(repository, top)
    with pytest.raises(OperatorError, match=r"v1 has files of 2400 MiB"):
        resolve(str(repository.path), "v1")


def test_REL_06_attributes_without_end_are_not_read(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository.path / ".gitattributes").write_bytes(bytes(2**21))
    repository.commit("v1")
    monkeypatch.setattr(git, "SAID", 2**20)
    with pytest.raises(OperatorError, match=r"more than 1 MiB where git was asked for show"):
        resolve(str(repository.path), "v1")


def test_REL_06_what_git_writes_into_files_fills_no_memory(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of 20 000 marks is the commit's message, of a megabyte."""
    repository.commit("v0", __gitattributes="* export-subst\n", f="$Format:%B$" * 20_000)
    message = repository.path / ".git/message"
    message.write_text("m" * 10**6)
    repository.git("commit", "-q", "--allow-empty", "-F", str(message))
    repository.git("tag", "v1")
    monkeypatch.setattr(git, "MEMORY", 2**19)  # KiB
    found = resolve(str(repository.path), "v1")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with pytest.raises(OperatorError, match=r"v1 can't be packed: .*(memory|malloc)"):
        found.archive()
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, 2**19)


def test_REL_06_what_is_packed_has_a_bound(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("v1", f="x" * 2**20)
    assert resolve(str(repository.path), "v1").archive()
    repository.commit("v2", f="y" * 2**20)
    monkeypatch.setattr(git, "PACKED", 2**20)  # a tar has heads, too
    with pytest.raises(OperatorError, match=r"more than 1 MiB where git was asked for archive"):
        resolve(str(repository.path), "v2").archive()


def test_nobody_waits_for_git_where_who_asked_it_is_ended() -> None:
    class Ended(Exception):
        pass

    def end(*_: object) -> None:
        raise Ended

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    begun = time.monotonic()
    with pytest.raises(Ended):
        git.attempt(["sleep", "20"])
    assert time.monotonic() - begun < 10
