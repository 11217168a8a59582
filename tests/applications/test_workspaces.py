"""Repositories of several packages: each release has its own of all of them, and the versions that
they ask for are obeyed or refused before anything is built."""

from __future__ import annotations

import shutil

import pytest

from tests.host.application import NAME
from tests.releases.shop import Shop
from vagrant.example import commit, git

from .conftest import HERE

pytestmark = pytest.mark.timeout(600)  # the first may have the box converge

# Of each the file of a package that another package, and through it the application, is made with.
WORKSPACES = {
    "npm": "packages/base/value.txt",
    "pnpm": "packages/base/value.txt",
    "uv": "packages/base/base/__init__.py",
}
SETTINGS = {"READYHOST_APP__HEALTH__PATH": "/", "READYHOST_APP__WEB__INSTANCES": "1"}


def release(box: Shop, tool: str, tag: str) -> None:
    """A tag with the workspace of one tool."""
    git(box.repository, "rm", "-rq", "--ignore-unmatch", ".")
    shutil.copytree(HERE / "workspaces" / tool, box.repository, dirs_exist_ok=True)
    commit(box.repository, tag)


@pytest.mark.parametrize("tool", WORKSPACES)
def test_REL_06_a_package_beside_the_application_is_the_release_s_own(
    servers: Shop, tool: str
) -> None:
    number = 30 + list(WORKSPACES).index(tool)
    release(servers, tool, f"v{number}.0.0")
    for minor, value in enumerate(("first", "second")):
        tag = f"v{number}.{minor}.0"
        if minor:
            file = servers.repository / WORKSPACES[tool]
            file.write_text(file.read_text().replace("first", value))
            commit(servers.repository, tag)
        servers.pyinfra("-y", "--data", f"tag={tag}", values=SETTINGS)
        answer = servers.https("/").json()
        assert (answer["release"], answer["value"]) == (tag, value)
    # Nothing of it is in the folder of the release before, which is pruned one day.
    releases = f"/srv/{NAME}/releases"
    leads = f"find {releases}/{tag} -type l -exec readlink -f {{}} + | grep '^{releases}/v'"
    assert servers.run(f"{leads} | grep -v '^{releases}/{tag}/'").stdout == ""
    found = (
        f"grep -rlF {releases}/v{number}.0.0 {releases}/{tag} --include='*.py' --include='*.pth'"
    )
    assert servers.run(found).stdout == ""


def test_REL_06_a_version_that_a_host_does_not_have_is_refused_before_the_build(
    servers: Shop,
) -> None:
    known = f"sha256sum /etc/{NAME}/next/release.json; readlink /srv/{NAME}/live; ls /srv/{NAME}/*"
    before = servers.ssh(known)
    # What a file is changed to: text in the place of a former one, or the whole of a new one.
    node, python = '"private": true', 'requires-python = ">=3.10"'
    cases = (
        ("npm", node, f'{node}, "engines": {{"node": ">=99"}}', "asks for Node.js >=99 (engines)"),
        ("npm", "", ".nvmrc", "asks for Node.js 99 (.nvmrc)"),
        ("npm", "", ".node-version", "asks for Node.js 99 (.node-version)"),
        ("npm", node, f'{node}, "packageManager": "pnpm@10.0.0"', "names pnpm as its packageMan"),
        ("npm", node, f'{node}, "packageManager": "npm@99"', "is no NAME@VERSION"),
        ("pnpm", node, f'{node}, "engines": {{"pnpm": "<3"}}', "asks for pnpm <3 (engines)"),
        ("uv", python, 'requires-python = ">=3.99"', "asks for Python >=3.99"),
    )
    for number, (tool, former, now, said) in enumerate(cases):
        tag = f"v33.{number}.0"
        git(servers.repository, "rm", "-rq", "--ignore-unmatch", ".")
        shutil.copytree(HERE / "workspaces" / tool, servers.repository, dirs_exist_ok=True)
        if former:
            name = "pyproject.toml" if tool == "uv" else "package.json"
            file = servers.repository / name
            assert former in file.read_text()
            file.write_text(file.read_text().replace(former, now))
        else:
            (servers.repository / now).write_text("99\n")
        commit(servers.repository, tag)
        run = servers.pyinfra("-y", "--data", f"tag={tag}", check=False, values=SETTINGS)
        assert run.returncode != 0, tag
        assert said in run.stdout
        assert "Beginning operation run" not in run.stdout
    assert servers.ssh(known) == before
