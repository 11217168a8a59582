"""What decides what a host gets is the commit alone: nothing that the operator's git is set to."""

from __future__ import annotations

import hashlib
import json
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.host.application import NAME
from vagrant.example import git

from .shop import Shop

# A line end of each kind, and what git would fill in.
ENDS = "#!/bin/sh\n# $Id$ $Format:%H$\nprintf 'one\\r\\n'\r\n"
# What systemd would replace before sh sees it.
LOOP = "for f in a b; do echo ${f}; echo '$x %h'; done >looped"


def committed(shop: Shop, tag: str) -> dict[str, str]:
    """Digests of the files of a commit, by path."""

    def digest(path: str) -> str:
        command = ["git", "cat-file", "blob", f"{tag}:{path}"]
        done = subprocess.run(command, cwd=shop.repository, check=True, capture_output=True)
        return hashlib.sha256(done.stdout).hexdigest()

    listed = git(shop.repository, "ls-tree", "-r", "-z", "--name-only", tag).strip("\0").split("\0")
    return {path: digest(path) for path in listed}


@pytest.mark.timeout(240)
def test_REL_06_a_host_gets_what_was_committed_whatever_git_is_set_to(
    shop: Shop, tmp_path: Path
) -> None:
    tag = shop.tag({"bin/ends": ENDS, "ends.txt": "one\r\ntwo\n", **shop.procfile()})
    wanted = committed(shop, tag)
    # As a hook that calls pyinfra has it, on a machine whose owner likes Windows' line ends.
    attributes, settings = tmp_path / "attributes", tmp_path / "gitconfig"
    attributes.write_text("* text eol=crlf ident export-subst\nends.txt export-ignore\n")
    (hook := tmp_path / "hooks" / "post-checkout").parent.mkdir()
    hook.write_text(f"#!/bin/sh\ntouch {shlex.quote(str(tmp_path))}/ran\n")
    hook.chmod(0o755)
    settings.write_text(
        f"[core]\nautocrlf = true\neol = crlf\nattributesFile = {attributes}\n"
        f"hooksPath = {hook.parent}\n[tar]\numask = 0777\n"
    )
    inside = shop.repository / ".git" / "info" / "attributes"
    inside.parent.mkdir(exist_ok=True)
    inside.write_text(attributes.read_text())
    git(shop.repository, "config", "core.autocrlf", "true")
    try:
        shop.deploy(
            tag,
            READYHOST_APP__HOOKS=json.dumps({"after_build": [LOOP]}),
            GIT_CONFIG_GLOBAL=str(settings),
            GIT_CONFIG_COUNT="1",
            GIT_CONFIG_KEY_0="core.eol",
            GIT_CONFIG_VALUE_0="crlf",
            GIT_DIR=str(tmp_path / "nowhere"),
            GIT_WORK_TREE=str(tmp_path),
            GIT_INDEX_FILE=str(tmp_path / "index"),
        )
    finally:
        inside.unlink()
        git(shop.repository, "config", "--unset", "core.autocrlf")
    assert shop.serves() == tag
    told = shop.ssh(
        f"cd /srv/{NAME}/current && xargs -0 sha256sum --", stdin="\0".join(wanted) + "\0"
    )
    found = {path: digest for digest, path in (line.split("  ", 1) for line in told.splitlines())}
    assert found == wanted
    assert not (tmp_path / "ran").exists()
    assert shop.ssh(f"cat /srv/{NAME}/current/looped") == "a\n$x %h\nb\n$x %h"


@pytest.mark.timeout(120)
def test_REL_06_a_folder_inside_a_clone_is_told_what_to_set(shop: Shop) -> None:
    folder = shop.repository / "inside"
    tag = shop.tag({"inside/Procfile": "web: x\n"})
    run = shop.deploy(tag, check=False, READYHOST_APP__REPOSITORY=str(folder))
    assert run.returncode != 0
    assert f'app.repository = "{shop.repository}" and app.directory = "inside"' in run.stdout
    assert "Beginning operation run" not in run.stdout
