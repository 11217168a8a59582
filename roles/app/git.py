"""git on the operator's machine, without prompts and without anybody's credentials in a message."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

# What a shell or a hook that pyinfra was called from says of its own repository
# (`git rev-parse --local-env-vars`), and what else decides where git looks.
ELSEWHERE = frozenset(
    {
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR"),
        *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_GRAFT_FILE"),
        *("GIT_REPLACE_REF_BASE", "GIT_PREFIX", "GIT_INTERNAL_SUPER_PREFIX", "GIT_SHALLOW_FILE"),
        *("GIT_NAMESPACE", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"),
    }
)
# Nobody's settings: not the machine's, not the operator's.
PLAIN = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_ATTR_NOSYSTEM": "1"}


def git(directory: str, *arguments: str) -> str:
    """What a git command in `directory` prints. Raises CalledProcessError when it fails."""
    return run(["git", "-C", directory, *arguments]).decode(errors="replace").strip()


def quiet(directory: str, *arguments: str) -> str:
    """Like `git`; empty for a command that fails."""
    try:
        return git(directory, *arguments)
    except subprocess.CalledProcessError:
        return ""


def archive(directory: str, tree: str) -> bytes:
    """A commit, or a folder of one, as a gzipped tar: the committed bytes, whoever asks.

    Line ends, attributes and replaced objects of a clone or of its owner's settings have no part in
    it. Raises CalledProcessError when git fails.
    """
    with beside(directory) as bare:
        plain = ["-c", f"core.attributesFile={os.devnull}", "-c", "core.autocrlf=false"]
        return run(["git", "-C", bare, *plain, "archive", "--format=tar.gz", tree], PLAIN)


@contextmanager
def beside(directory: str) -> Iterator[str]:
    """An empty repository that reads the objects of the clone at `directory`, and has nothing else
    of it: no settings, hooks, attributes or names. Run git there with PLAIN."""
    objects = Path(directory, git(directory, "rev-parse", "--git-path", "objects")).resolve()
    form = git(directory, "rev-parse", "--show-object-format")
    with tempfile.TemporaryDirectory() as bare:
        made = ["git", "init", "-q", "--bare", "--template=", f"--object-format={form}", bare]
        run(made, PLAIN)
        alternates = Path(bare, "objects/info/alternates")
        alternates.parent.mkdir(exist_ok=True)
        alternates.write_text(f"{objects}\n")
        yield bare


def run(command: Sequence[str], env: Mapping[str, str] | None = None) -> bytes:
    """The output of a command that asks nothing, with further variables `env`. Raises
    CalledProcessError when it fails."""
    done = attempt(command, env)
    done.check_returncode()
    return done.stdout


def attempt(
    command: Sequence[str], env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """The same, of a command that may fail."""
    kept = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    # A prompt would hang the run; a replaced object is no commit that anybody signed.
    asked = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1"}
    environment = {**kept, **asked, **(env or {})}
    return subprocess.run(command, check=False, capture_output=True, env=environment)


def reason(error: subprocess.CalledProcessError) -> str:
    """The first line of what a failed command said."""
    lines = error.stderr.decode(errors="replace").strip().splitlines()
    return without_credentials(lines[0] if lines else f"git ended with {error.returncode}")


def without_credentials(text: str) -> str:
    return re.sub(r"//[^/@\s]*@", "//", text)
