"""A tag becomes a commit, or one line that says why not."""

from __future__ import annotations

import io
import tarfile
import time
from pathlib import Path

import pytest

from roles.app import source
from roles.app.archive import keeps_elsewhere
from roles.app.locks import digests, node_versions
from roles.app.source import resolve
from roles.core.errors import OperatorError

from .conftest import Repository


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    resolve.cache_clear()
    monkeypatch.setattr(source, "MIRRORS", tmp_path / "mirrors")


def names(archive: bytes) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return sorted(tar.getnames())


def test_a_tag_is_the_commit_that_it_was_put_on(repository: Repository) -> None:
    first = repository.commit("v1.0.0", Procfile="web: one", requirements__txt="")
    repository.commit("v2.0.0", Procfile="web: two")
    found = resolve(str(repository.path), "v1.0.0")
    assert (found.commit, found.tag) == (first, "v1.0.0")
    assert found.release.procfile == "web: one"
    assert found.release.kind == "python"
    assert names(found.archive()) == ["Procfile", "requirements.txt"]
    assert found.archive() == found.archive()


def test_what_is_not_committed_is_not_released(repository: Repository) -> None:
    repository.commit("v1.0.0", Procfile="web: one")
    (repository.path / "Procfile").write_text("web: changed")
    (repository.path / "secret.env").write_text("x")
    found = resolve(str(repository.path), "v1.0.0")
    assert found.release.procfile == "web: one"
    assert names(found.archive()) == ["Procfile"]


def test_no_tag_is_the_highest_version(repository: Repository) -> None:
    for tag in ("v1.9.0", "v1.10.0", "zzz", "v1.2.0"):
        repository.commit(tag)
    assert resolve(str(repository.path)).tag == "v1.10.0"


def test_a_folder_of_the_repository(repository: Repository) -> None:
    files = {"apps/shop/package__json": "{}", "uv__lock": "root", "apps/yarn__lock": "x"}
    repository.commit("v1", **files)
    found = resolve(str(repository.path), "v1", "apps/shop")
    assert found.release.above == {"apps", "uv.lock", "shop", "yarn.lock"}
    assert resolve(str(repository.path), "v1").release.texts == {"uv.lock": "root"}
    assert found.release.kind == "node"
    assert found.release.package == "{}"
    assert names(found.archive()) == ["package.json"]


def test_an_address_is_read_through_a_mirror(repository: Repository) -> None:
    first = repository.commit("v1")
    address = f"file://{repository.path}"
    assert resolve(address, "v1").commit == first
    later = repository.commit("v2")
    assert resolve(address, "v2").commit == later


@pytest.mark.parametrize(
    ("tag", "directory", "reason"),
    [
        ("v9", "", r"no tag 'v9'; its latest are v1.0.0"),
        ("main", "", "no tag 'main'"),
        ("v1.0.0", "nowhere", "no folder 'nowhere'"),
    ],
)
def test_refuses(repository: Repository, tag: str, directory: str, reason: str) -> None:
    repository.commit("v1.0.0")
    with pytest.raises(OperatorError, match=reason):
        resolve(str(repository.path), tag, directory)


def test_refuses_what_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="not a git repository"):
        resolve(str(tmp_path), "v1")
    with pytest.raises(OperatorError, match="can't be read"):
        resolve(f"file://{tmp_path}/nowhere", "v1")


def test_credentials_of_an_address_are_not_shown(tmp_path: Path) -> None:
    with pytest.raises(OperatorError) as refusal:
        resolve("file://user:geheim-4711@/nowhere", "v1")
    assert "4711" not in str(refusal.value)


def test_REL_01_a_tag_that_was_moved_there_is_seen_here(repository: Repository) -> None:
    address = f"file://{repository.path}"
    first = repository.commit("v1")
    assert resolve(address, "v1").commit == first
    repository.git("tag", "-d", "v1")
    moved = repository.commit("v1", file="other")
    resolve.cache_clear()
    assert resolve(address, "v1").commit == moved != first


def test_REL_01_refuses_submodules(repository: Repository) -> None:
    somewhere = repository.commit("v1", **{"apps/shop/file": "x"})
    link = f"160000,{somewhere},apps/shop/vendored"
    repository.git("update-index", "--add", "--cacheinfo", link)
    repository.git("commit", "-q", "-m", "linked")
    repository.git("tag", "v2")
    with pytest.raises(OperatorError, match="v2 has a submodule, apps/shop/vendored, which"):
        resolve(str(repository.path), "v2")
    with pytest.raises(OperatorError, match="submodule"):
        resolve(str(repository.path), "v2", "apps/shop")
    repository.git("reset", "-q", "--hard")
    repository.commit("v3", **{"apps/other/file": "x"})
    assert resolve(str(repository.path), "v3", "apps/other").tag == "v3"


@pytest.mark.parametrize("folder", ["", "apps/", "apps/shop/", "apps/shop/assets/"])
def test_REL_01_refuses_large_files_kept_elsewhere(repository: Repository, folder: str) -> None:
    text = "# *.bin filter=lfs\n*.bin filter=lfs diff=lfs merge=lfs -text\n"
    files = {f"{folder}__gitattributes": text, "apps/shop/file": "x", "apps/other/file": "x"}
    repository.commit("v1", **files)
    with pytest.raises(OperatorError, match="Git LFS"):
        resolve(str(repository.path), "v1", "apps/shop")
    if "shop" in folder:
        assert resolve(str(repository.path), "v1", "apps/other").tag == "v1"


def test_attributes_that_do_not_mention_lfs_are_fine(repository: Repository) -> None:
    repository.commit("v1", __gitattributes="*.sh eol=lf\n# *.bin filter=lfs\n*.x -filter\n")
    assert resolve(str(repository.path), "v1").tag == "v1"


def test_a_repository_without_versions(repository: Repository) -> None:
    repository.commit("first")
    with pytest.raises(OperatorError, match="no version tag"):
        resolve(str(repository.path))


def test_REL_06_no_setting_of_the_operators_git_changes_a_byte(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("v1.0.0", web="#!/bin/sh\n$Id$\n", Procfile="web: ./web\n")
    found = resolve(str(repository.path), "v1.0.0")
    plain = found.archive()

    settings = tmp_path / "gitconfig"
    attributes = tmp_path / "attributes"
    attributes.write_text("* text=auto eol=crlf ident\nProcfile export-ignore\n")
    settings.write_text(f"[core]\nautocrlf = true\neol = crlf\nattributesFile = {attributes}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert found.archive() == plain

    own = repository.path / ".git/info/attributes"
    own.parent.mkdir(exist_ok=True)
    own.write_text("* eol=crlf text ident\nweb export-ignore\n")
    repository.git("config", "core.autocrlf", "true")
    assert found.archive() == plain

    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    assert found.archive() == plain
    assert found.read("Procfile") == "web: ./web"


def test_REL_06_a_folder_inside_a_clone_is_no_repository(repository: Repository) -> None:
    repository.commit("v1.0.0", **{"shop/Procfile": "web: x\n"})
    with pytest.raises(OperatorError) as refusal:
        resolve(str(repository.path / "shop"), "v1.0.0")
    assert f'app.repository = "{repository.path}" and app.directory = "shop"' in str(refusal.value)


def test_REL_06_a_link_to_a_lock_file_is_followed_and_never_out_of_what_a_host_gets(
    repository: Repository,
) -> None:
    repository.commit("v1", requirements__production="six", uv__lock="root")
    (repository.path / "requirements.txt").symlink_to("requirements.production")
    repository.commit("v2")
    assert resolve(str(repository.path), "v2").release.texts["requirements.txt"] == "six"
    app = repository.path / "app"
    app.mkdir()
    for number, target in enumerate(
        ("../uv.lock", "/etc/hostname", "absent", "uv.lock", "../../../etc/hostname", "folder"), 3
    ):
        (app / "uv.lock").unlink(missing_ok=True)
        (app / "uv.lock").symlink_to(target)
        (app / "folder").mkdir(exist_ok=True)
        (app / "folder" / "file").touch()
        repository.commit(f"v{number}")
        with pytest.raises(OperatorError, match=r"uv\.lock is a .*commit the file itself"):
            _ = resolve(str(repository.path), f"v{number}", "app").release


def test_REL_06_a_lock_file_that_nobody_reads_is_refused(repository: Repository) -> None:
    repository.commit("v1", uv__lock="x" * 33 * 2**20)
    with pytest.raises(OperatorError, match=r"uv\.lock has 33 MiB"):
        _ = resolve(str(repository.path), "v1").release


def test_REL_06_windows_line_ends_and_marks_are_no_part_of_a_text(repository: Repository) -> None:
    (repository.path / "package.json").write_bytes(b"\xef\xbb\xbf{}\r\n")
    lock = b"packages:\r\n\r\n  a@1:\r\n    resolution: {tarball: x}\r\n"
    (repository.path / "pnpm-lock.yaml").write_bytes(lock)
    repository.commit("v1", Procfile="web: one")
    found = resolve(str(repository.path), "v1").release
    assert found.package == "{}"
    assert list(digests.without("pnpm-lock.yaml", found.text("pnpm-lock.yaml"))) == ["a@1"]


def test_REL_06_members_of_a_workspace_are_read_where_uv_has_locked(
    repository: Repository,
) -> None:
    repository.commit("v1", app__lock="")
    lib = repository.path / "app" / "libs" / "own"
    lib.mkdir(parents=True)
    (lib / "pyproject.toml").write_text("own")
    (repository.path / "app" / "uv.lock").write_text("lock")
    repository.commit("v2")
    found = resolve(str(repository.path), "v2", "app").release
    assert found.texts == {"uv.lock": "lock", "libs/own/pyproject.toml": "own"}


def test_no_file_of_a_repository_keeps_a_run_busy_for_hours() -> None:
    """Before anything of it is reviewed, on the operator's machine."""
    begin = time.monotonic()
    assert not keeps_elsewhere("\n" * 40_000 + "*.a filter")
    assert not node_versions.fits("22.20.0", f">=18{' ' * 40_000}<23")
    assert time.monotonic() - begin < 2
