"""git on the operator's machine, without prompts and without anybody's credentials in a message.

A repository is others' work. Ten trees, each ten times in the next, are ten thousand million files
in a few KiB, and so are names of one huge file: what git says is read to a bound, and no further.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from roles.core.errors import OperatorError

SAID = 40 * 2**20
"""Bytes that a command may say: the largest file that is read, and a list of 400 000 files."""
PACKED = 2 * 2**30
"""Bytes of all files of a commit. An archive is sent whole, and is in memory meanwhile."""
MEMORY = 4 * 2**20
"""KiB for git while it packs: what a repository has it write into its files is made in memory."""
AT_ONCE = 2**20  # bytes

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
        # Or a large repository would be looked at through more than its share.
        plain += ["-c", "core.packedGitLimit=1g", "-c", "core.packedGitWindowSize=64m"]
        # Not every system knows that limit.
        limited = ["sh", "-c", f'ulimit -v {MEMORY} 2>/dev/null; exec "$@"', "sh"]
        command = [*limited, "git", "-C", bare, *plain, "archive", "--format=tar", tree]
        packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)  # as gzip, of no time and no name
        whole = bytearray()
        done = _attempt(command, PLAIN, PACKED, lambda part: whole.extend(packer.compress(part)))
        done.check_returncode()
        return bytes(whole + packer.flush())


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
    said = bytearray()
    done = _attempt(command, env, SAID, said.extend)
    done.stdout = bytes(said)
    return done


def _attempt(
    command: Sequence[str],
    env: Mapping[str, str] | None,
    most: int,
    take: Callable[[bytes], object],
) -> subprocess.CompletedProcess[bytes]:
    """Hand on what it says, `most` bytes at most. Raises OperatorError for more."""
    kept = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    # A prompt would hang the run; a replaced object is no commit that anybody signed.
    asked = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1"}
    environment = {**kept, **asked, **(env or {})}
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, env=environment, bufsize=0
        )
        with process:
            assert process.stdout  # noqa: S101 - for the type checker
            left = most
            try:
                while part := process.stdout.read(AT_ONCE):
                    if (left := left - len(part)) < 0:
                        raise OperatorError(
                            f"app.repository holds more than {most // 2**20} MiB where git was"
                            f" asked for {_asked(command)}: files too many or too large. Nothing"
                            " has been changed"
                        )
                    take(part)
            except BaseException:  # also where this is ended: nobody is to wait for git then
                process.kill()
                raise
        return subprocess.CompletedProcess(command, process.returncode, b"", _last(errors))


def _asked(command: Sequence[str]) -> str:
    """
    >>> _asked(["git", "-C", "/r", "-c", "a=b", "ls-tree", "-r", "v1"])
    'ls-tree -r v1'
    """
    words = list(command[command.index("git") + 1 :])
    while words[:1] and words[0] in ("-C", "-c"):
        del words[:2]
    return without_credentials(" ".join(words))


def _last(errors: IO[bytes]) -> bytes:
    """What it said went wrong, from its first word on."""
    errors.seek(0)
    return errors.read(AT_ONCE)


def reason(error: subprocess.CalledProcessError) -> str:
    """The first line of what a failed command said."""
    lines = error.stderr.decode(errors="replace").strip().splitlines()
    return without_credentials(lines[0] if lines else f"git ended with {error.returncode}")


def without_credentials(text: str) -> str:
    return re.sub(r"//[^/@\s]*@", "//", text)
