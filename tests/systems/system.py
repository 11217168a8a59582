"""A box that a system's environment file is deployed to, and its team's releases."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from readiness.run import FOLDER
from tests.applications.documented import variables
from tests.host.conftest import DOMAIN
from tests.releases.shop import Shop
from vagrant.driver import ROOT
from vagrant.example import IGNORED, commit, git

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

EXAMPLES = ROOT / "examples"
# A box is not trusted by browsers, has no backup elsewhere, and tells nobody of errors (APP-10) or
# of its death (MON-06). Whether what it runs has known holes (SEC-05) is asked of servers that it
# does not reach; what a load took of the processors (LOAD-02) has all that the machine does in it.
BOX_HAS_NOT = {"WEB-02", "BAK-04", "APP-10", "MON-06", "SEC-07"}
NOT_YET = {"SEC-05", "LOAD-02"}
# An API alone has no text to compress that is read without an account: walk.compressed reads one.
API_HAS_NOT = {"WEB-03"}
OPERATOR = "10.0.3.1/32"  # this machine, as the boxes see it: it asks more than a client may


def _left(place: str, names: list[str]) -> set[str]:
    """What a developer's machine has beside the sources."""
    return IGNORED(place, names) | {"dist", ".next"} & set(names)


def environment(file: Path) -> dict[str, str]:
    """What an environment file of an example says, as variables of a run."""
    return dict(variables("READYHOST", tomllib.loads(file.read_text())))


@dataclass
class System(Shop):
    """A box with one system after the other. `wanted`: settings of the one that is live; `folder`:
    its example."""

    folder: Path = Path()
    wanted: dict[str, str] = field(default_factory=dict)
    releases: int = 0

    def become(self, file: Path, further: Mapping[str, str]) -> str:
        """Deploy the first release of another system; its tag."""
        self.folder = file.parent
        self.wanted = {**environment(file), **further}
        return self.release({})

    def release(self, changed: Mapping[str, tuple[str, str]]) -> str:
        """Deploy the example with some words of its files changed (from, to); its tag."""
        self.releases += 1
        tag = f"v{self.releases}.0.0"
        git(self.repository, "rm", "-rq", "--ignore-unmatch", ".")
        shutil.copytree(self.folder, self.repository, dirs_exist_ok=True, ignore=_left)
        for path, (former, now) in changed.items():
            text = (self.repository / path).read_text()
            assert former in text
            (self.repository / path).write_text(text.replace(former, now))
        commit(self.repository, tag)
        self.pyinfra("-y", "--data", f"tag={tag}", values=self.wanted)
        return tag

    def roll_back(self) -> None:
        self.pyinfra("-y", deploy="rollback.py", values=self.wanted)

    def report(self) -> dict[str, str]:
        """What ready.py finds to be false, or could not look at, once the host has gone through its
        first week: the release that was rolled back is live again, so that there is one to go back
        to, and the first backups were made and drilled. Why, by id."""
        tag = f"v{self.releases}.0.0"
        self.pyinfra("-y", "--data", f"tag={tag}", values=self.wanted)
        jobs = ["backup files", "backup drill"]
        if self.wanted.get("READYHOST_POSTGRES__SOURCE") != "none":
            jobs.insert(0, "backup database full")
        for job in jobs:
            self.ssh(job, timeout=300)
        self.pyinfra("-y", deploy="ready.py", values=self.wanted, check=False)
        written = json.loads((FOLDER / "vagrant" / "ready.json").read_text())
        lines: dict[str, dict[str, Any]] = written["hosts"][self.name]["lines"]
        changed = [line for line in lines.values() if "changed on the host" in line["evidence"]]
        assert not changed, "a run would change something"
        return {
            id: f"{line['outcome']}: {line['evidence']}"
            for id, line in lines.items()
            if line["outcome"] in ("false", "could not look")
        }


def values() -> dict[str, str]:
    """Settings that a box has beside those of the system."""
    return {
        "READYHOST_DOMAIN": DOMAIN,
        "READYHOST_APP__WATCH__SECONDS": "0",
        "READYHOST_LOAD__ALLOWED": "true",
        "READYHOST_NGINX__LIMITS__UNLIMITED": json.dumps([OPERATOR]),
        "READYHOST_BANS__IGNORE": json.dumps([OPERATOR]),
    }
