"""What a release is built from, and how root takes over what a build made."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from roles.app.host import built, inputs, result, seal
from roles.app.host.definition import load
from roles.app.host.dependencies import key
from roles.app.host.errors import ReleaseError
from roles.app.host.node import _adopt

LOCK = {
    "packages": {
        "": {"name": "shop"},
        "node_modules/ms": {"version": "2.1.3", "integrity": "sha512-x"},
    }
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def python(text: str, **more: str) -> dict[str, str]:
    return {"requirements.txt": text, **more}


def node(package: dict[str, Any] | None = None, lock: dict[str, Any] | None = None) -> dict:
    return {
        "package.json": json.dumps(package or {}),
        "package-lock.json": json.dumps(lock or LOCK),
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("flask==3.0.0\nidna>=3,<4 ; python_version > '3.8'\n", ["requirements.txt"]),
        ("# all\nflask[async]==3.0 \\\n  --hash=sha256:00\n", ["requirements.txt"]),
        ("--index-url https://mirror.test/simple\nflask\n", ["requirements.txt"]),
        ("-r base.txt\nflask\n", ["base.txt", "requirements.txt"]),
        ("-c base.txt\nflask\n", ["base.txt", "requirements.txt"]),
    ],
)
def test_REL_06_what_a_list_of_requirements_includes(
    tmp_path: Path, text: str, names: list[str]
) -> None:
    write(tmp_path, python(text, **{"base.txt": "idna==3.6\n"}))
    found = inputs.files(tmp_path, ".venv")
    assert found is not None
    assert [path.name for path in found] == names


@pytest.mark.parametrize(
    "text",
    [
        "-e .", "--editable=./libs/x", ".", "./libs/x", "libs/x", "/opt/x", "file:///opt/x",
        "x @ file:./x", "x @ https://example.com/x.zip", "git+https://example.com/x@main",
        "-r ../outside.txt", "-r absent.txt", "-f ./wheels", "--find-links wheels",
        "x.whl ./y.whl",
        "https://example.com/x.tar.gz", "-r https://example.com/list.txt",
        "x --config-settings=a=b",
        "--index-url file:///x", "-r linked.txt",
    ],
)  # fmt: skip
def test_REL_06_what_may_be_of_the_release_itself_is_not_shared(tmp_path: Path, text: str) -> None:
    folder = write(tmp_path / "release", python(f"flask\n{text}\n"))
    write(tmp_path, {"outside.txt": "idna\n"})
    (folder / "linked.txt").symlink_to("../outside.txt")
    assert inputs.files(folder, ".venv") is None


@pytest.mark.parametrize(
    "files",
    [
        node({"workspaces": ["packages/*"]}),
        node(lock={"packages": {"packages/x": {}}}),
        node(lock={"packages": {"node_modules/x": {"resolved": "packages/x", "link": True}}}),
        node(lock={"packages": {"node_modules/x": {"resolved": "git+ssh://x#1"}}}),
        node(lock={"dependencies": {}}),
        {"package.json": "{}"},
        {**node(), "node_modules/x/index.js": "planted"},
    ],
)
def test_REL_06_local_packages_of_node_are_not_shared(
    tmp_path: Path, files: dict[str, str]
) -> None:
    assert inputs.files(write(tmp_path, files), "node_modules") is None


def test_REL_06_a_lock_file_says_all_of_node_packages(tmp_path: Path) -> None:
    found = inputs.files(write(tmp_path, node()), "node_modules")
    assert [path.name for path in found or ()] == ["package.json", "package-lock.json"]


def test_REL_06_dependencies_are_known_by_all_that_they_follow_from(tmp_path: Path) -> None:
    build: dict[str, Any] = {
        "runtime": "python 3.10",
        "dependencies": {"steps": ["pip install"], "product": ".venv"},
        "env": {},
        "timeout": 9,
    }
    values = {"tag": "v1", "commit": "c", "identity": "i", "processes": {"web": 1}, "health": {}}

    def known(hooks: dict | None = None, **changed: object) -> str:
        own = {**values, "hooks": hooks or {}, "build": {**build, **changed}}
        (tmp_path / "release.json").write_text(json.dumps(own))
        return key(tmp_path, load(tmp_path))

    write(tmp_path, python("-r base.txt", **{"base.txt": "a==1"}))
    first = known()
    write(tmp_path, {"app.py": "changed"})
    assert known(timeout=8) == first
    assert known(hooks={"after_build": ["x"]}) == first
    mirror = {"PIP_INDEX_URL": "https://mirror.test"}
    others = [known(runtime="python 3.11"), known(packages=["libpq-dev"]), known(env=mirror)]
    write(tmp_path, {"base.txt": "a==2"})
    assert len({first, *others, known()}) == 5
    # A list that a lock file was turned into counts, and no file of the release beside it.
    lists = [
        known(dependencies={**build["dependencies"], "list": [line]}) for line in ("a==1", "a==2")
    ]
    write(tmp_path, {"requirements.txt": "./libs/own"})
    assert known(dependencies={**build["dependencies"], "list": ["a==1"]}) == lists[0] != lists[1]
    write(tmp_path, {"requirements.txt": "a==1"})
    assert known(dependencies={**build["dependencies"], "kept": False}) == ""
    # A hook may have written anything, and so may whoever wrote a file that a variable names.
    assert known(hooks={"before_build": ["x"]}) == ""
    assert known(env={"PIP_CONFIG_FILE": "pip.d/conf"}) == ""


def test_REL_06_what_changed_is_named() -> None:
    build = {"steps": ["make"], "node": "22.20.0", "env": {"API": "one"}, "timeout": 1}
    before = built.inputs(build, {})
    assert (
        built.changed(before, built.inputs({**build, "timeout": 2}, {"after_switch": ["x"]})) == []
    )
    now = {**build, "node": "20.18.0", "env": {"API": "two", "MORE": "x"}}
    assert built.changed(before, built.inputs(now, {"after_build": ["x"]})) == [
        "app.build node",
        "app.hooks.after_build",
        "the build variable API",
        "the build variable MORE",
    ]
    assert built.identity(build, {}) != built.identity(now, {})
    assert "two" not in str(built.inputs(now, {}))


def test_REL_06_a_release_is_built_beside_what_is_there() -> None:
    assert built.free_name(set(), "v1") == "v1"
    assert built.free_name({"v1", "v2"}, "v1") == "v1~2"
    assert built.free_name({"v1", "v1~2"}, "v1") == "v1~3"


def release(tmp_path: Path) -> Path:
    folder = tmp_path / "srv" / "shop" / "releases" / "v1"
    write(folder, {"a/b.py": "code", "c": "text"})
    (folder / "c").chmod(0o4777)
    (folder / "near").symlink_to("a/b.py")
    (folder / "python").symlink_to("/usr/bin/python3")
    os.mkfifo(folder / "pipe")
    return folder


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to root")


@needs_root
def test_SEC_02_a_sealed_tree_is_root_s_and_has_a_digest(tmp_path: Path) -> None:
    folder = release(tmp_path)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, 1234, 1234, follow_symlinks=False)
    known = seal.seal(folder, 1234)
    assert {path.lstat().st_uid for path in (folder, *folder.rglob("*"))} == {0}
    assert (folder / "c").stat().st_mode & 0o7777 == 0o755
    assert not (folder / "pipe").exists()
    assert Path("/usr/bin/python3").stat().st_uid == 0
    assert seal.digest(folder) == known
    for change in (
        lambda: (folder / "a/b.py").write_text("Code"),
        lambda: (folder / "c").chmod(0o744),
        lambda: (folder / "new").symlink_to("c"),
    ):
        change()
        now = seal.digest(folder)
        assert now != known
        known = now


def test_SEC_02_what_is_not_the_build_s_alone_is_refused(tmp_path: Path) -> None:
    folder, me = release(tmp_path), os.geteuid()
    other = write(tmp_path / "srv" / "shop" / "releases" / "v0", {"x": "live"}) / "x"
    before = other.stat()

    def refused(what: str) -> None:
        with pytest.raises(ReleaseError, match=what):
            seal.seal(folder, me)
        assert (folder / "c").stat().st_mode & 0o7777 == 0o4777, "something was changed before"

    os.link(other, folder / "hard")
    refused("hard link")
    (folder / "hard").unlink()
    (folder / "out").symlink_to("../v0/x")
    refused("not of this release")
    (folder / "out").unlink()
    (folder / "out").symlink_to(folder.parent)
    refused("not of this release")
    (folder / "out").unlink()
    (folder / "hollow").touch()
    os.truncate(folder / "hollow", 2 * seal.HOLLOW)
    refused("hollow has holes")
    (folder / "hollow").unlink()
    deep = folder
    for _ in range(seal.DEEPEST + 2):
        deep /= "d"
    deep.mkdir(parents=True)
    refused("folders deep")
    assert (other.stat().st_mode, other.stat().st_uid) == (before.st_mode, before.st_uid)
    with pytest.raises(ReleaseError, match="not a folder"):
        seal.seal(folder / "near", me)


@needs_root
def test_SEC_03_a_link_in_the_wheel_of_node_is_refused(tmp_path: Path) -> None:
    wheel = write(tmp_path / "srv/shop/build/now/wheel", {"lib/node_modules/npm/bin/x": ""})
    mine = write(tmp_path / "mine", {"shadow": ""}) / "shadow"
    mine.chmod(0o600)
    (wheel / "bin").symlink_to(mine.parent)
    with pytest.raises(ReleaseError, match="holds a link, bin"):
        _adopt(wheel, tmp_path / "opt" / "1", 0)
    assert mine.stat().st_mode & 0o777 == 0o600


def test_SEC_05_another_runtime_is_said_at_the_end() -> None:
    said = result.runtime("node 22.23.5", "node 24.22.3")
    assert said.startswith("=> it runs on node 24.22.3 now, the release before ran on node 22.23.5")
    assert 'app.node.version = "22.23.5" goes back' in said
    assert "app.node" not in result.runtime("python 3.10", "python 3.12")
    assert result.runtime("", "node 24.22.3") == result.runtime("node 1", "node 1") == ""
