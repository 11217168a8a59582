"""Repositories of several packages: each release has its own of all of them. On demand, since each
is built twice."""

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
    "yarn": "packages/base/value.txt",
    "yarn-classic": "packages/base/value.txt",
    "bun": "packages/base/value.txt",
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
    number = 40 + list(WORKSPACES).index(tool)
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
        if tool == "uv":  # of what is for some systems only, this one's, as the lock file says
            assert answer["found"]["idna"] == "3.6"  # what is asked for is any from 3 on
            assert "colorama" not in answer["found"]
    # Nothing of it is in the folder of the release before, which is pruned one day.
    releases = f"/srv/{NAME}/releases"
    leads = f"find {releases}/{tag} -type l -exec readlink -f {{}} + | grep '^{releases}/v'"
    assert servers.run(f"{leads} | grep -v '^{releases}/{tag}/'").stdout == ""
    found = (
        f"grep -rlF {releases}/v{number}.0.0 {releases}/{tag} --include='*.py' --include='*.pth'"
    )
    assert servers.run(found).stdout == ""
