"""Whether a tag was signed by somebody who may release."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from roles.core.errors import OperatorError

from . import git

FINGERPRINT = r"(?:[0-9A-F]{40}|[0-9A-F]{64})"
PUBLIC_KEY = r"(?:ssh-|ecdsa-sha2-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/=]{16,}(?: [^\n]*)?"
SIGNER = rf"^(?:{FINGERPRINT}|{PUBLIC_KEY}|[~./][^\n]*)$"
"""An OpenPGP fingerprint, an SSH public key, or the path of an allowed_signers file."""


GNUPG = "[GNUPG:]"
# Programs that judge a signature, whatever anybody's git is set to; nobody is known by X.509.
PROGRAMS = {"gpg.openpgp.program": "gpg", "gpg.ssh.program": "ssh-keygen", "gpg.x509.program": "-"}


def require(directory: str, tag: str, target: str, signed_by: Sequence[str]) -> None:
    """Raise OperatorError unless the object `target`, which `tag` of the repository at `directory`
    names, is signed by one of `signed_by`, whose entries are as SIGNER says. For none, every tag
    is good."""
    if not signed_by:
        return
    if git.quiet(directory, "cat-file", "-t", target) != "tag":
        raise _refusal(tag, "it is a plain name of a commit, which holds no signature")
    # A signature stays valid wherever the object that has it is moved to: only the name inside of
    # that object is what was signed.
    header = git.git(directory, "cat-file", "tag", target).partition("\n\n")[0]
    signed = re.search(r"^tag (.*)$", header, re.MULTILINE)
    if not signed or signed[1] != tag:
        raise _refusal(tag, f"what was signed is the tag {signed[1] if signed else '?'}")
    with tempfile.NamedTemporaryFile("w", suffix=".allowed_signers") as allowed:
        allowed.write(allowed_signers(signed_by))
        allowed.flush()
        said = _verify(directory, tag, target, Path(allowed.name))
    fingerprints = {entry for entry in signed_by if re.fullmatch(FINGERPRINT, entry)}
    by = openpgp_keys(said)
    if GNUPG in said and not by & fingerprints:
        raise _refusal(tag, f"its OpenPGP key {min(by, default='?')} is not one of them")


def allowed_signers(signed_by: Iterable[str]) -> str:
    """The SSH keys of `signed_by` as ssh-keygen's allowed_signers file.

    Raises OperatorError for a file that can't be read.
    """
    lines = []
    for entry in signed_by:
        if re.fullmatch(PUBLIC_KEY, entry):
            kind, key = entry.split()[:2]
            lines.append(f'* namespaces="git" {kind} {key}')
        elif not re.fullmatch(FINGERPRINT, entry):
            path = Path(entry).expanduser()
            try:
                lines += path.read_text().splitlines()
            except OSError as error:
                raise OperatorError(f"app.signed_by: {path}: {error.strerror}") from None
    return "".join(f"{line}\n" for line in lines)


def openpgp_keys(status: str) -> set[str]:
    """Fingerprints of the key that made a valid signature and of its primary key, from GnuPG's
    status lines; empty for a signature of another kind."""
    keys: set[str] = set()
    for line in status.splitlines():
        words = line.split()
        if words[:2] == [GNUPG, "VALIDSIG"]:
            keys |= {words[2], words[-1]}
    return keys


def _verify(directory: str, tag: str, target: str, allowed: Path) -> str:
    """What git says of a good signature. The clone gives the object and no more: a program that its
    settings name, or those of its owner, would call any signature good."""
    set_to = {**PROGRAMS, "gpg.ssh.allowedSignersFile": str(allowed)}
    options = [word for name, value in set_to.items() for word in ("-c", f"{name}={value}")]
    with git.beside(directory) as bare:
        command = ["git", "-C", bare, *options, "verify-tag", "--raw", target]
        done = git.attempt(command, git.PLAIN)
    if done.returncode:
        said = done.stderr.decode(errors="replace")
        lines = [line for line in said.splitlines() if line.strip()]
        plain = [line for line in lines if not line.startswith(GNUPG)]
        raise _refusal(tag, (plain or lines or ["it has no good signature"])[0])
    return (done.stdout + done.stderr).decode(errors="replace")


def _refusal(tag: str, why: str) -> OperatorError:
    return OperatorError(
        f"the tag {tag} is not signed by anybody in app.signed_by: {why.strip()}; whoever may"
        f" release makes it with `git tag -s {tag}`"
    )
