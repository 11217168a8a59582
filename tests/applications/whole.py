"""Deploying a whole application with the settings that the documentation gives."""

from __future__ import annotations

import shutil

from tests.host.application import traffic
from tests.releases.shop import Shop
from vagrant.example import commit, git

from . import documented
from .conftest import HERE


def put(box: Shop, folder: str, tag: str) -> None:
    """A tag that is the application in `folder`, whatever another test has made of the
    repository."""
    git(box.repository, "rm", "-rq", "--ignore-unmatch", ".")
    shutil.copytree(HERE / folder, box.repository, dirs_exist_ok=True)
    commit(box.repository, tag)


def deploy(box: Shop, framework: str, folder: str, tag: str, **more: str) -> dict[str, str]:
    """Make the application in `folder` (the repository as it is, for none) live; its settings, of
    which the documentation lacks `more`: what these tests' machines do not reach."""
    if folder:
        put(box, folder, tag)
    else:
        commit(box.repository, tag)
    wanted = {**documented.values(framework), "READYHOST_APP__WEB__INSTANCES": "2", **more}
    box.pyinfra("-y", "--data", f"tag={tag}", values=wanted)
    assert box.https("/version").json() == {"release": tag, "secure": True}
    return wanted


def again(box: Shop, wanted: dict[str, str], tag: str) -> None:
    """The next release, while somebody asks: none of them sees it."""
    commit(box.repository, tag)
    with traffic(box, "/version", clients=2) as seen:
        box.pyinfra("-y", "--data", f"tag={tag}", values=wanted)
    assert seen.failures == []
    assert box.https("/version").json()["release"] == tag
