"""Where an application comes from: repository, tag, who signed it."""

from typing import Annotated

from pydantic import Field, StringConstraints

from roles.core.model import Section

from ..runtimes import Kind
from ..signature import SIGNER

Signer = Annotated[str, StringConstraints(pattern=SIGNER, max_length=2000)]


class Origin(Section):
    """Where it comes from, and of what kind it is."""

    repository: str = Field(
        min_length=1,
        examples=["git@github.com:example/shop.git"],
        description="Git repository, a path or an address that the operator's machine can read."
        " The host gets an archive of the tag and no credentials.",
    )
    directory: str = Field(
        "",
        pattern=r"^([A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*)?$",
        description="Folder of the application inside the repository; empty for its root.",
    )
    tag: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$",
        description="Git tag that is released. The highest version tag when not set.",
    )
    signed_by: tuple[Signer, ...] = Field(
        (),
        description="Who may release: SSH public keys, fingerprints of OpenPGP keys in your"
        " keyring, or paths of allowed_signers files. A tag that is not signed by one of them is"
        " refused. Every tag is taken when empty.",
    )
    kind: Kind | None = Field(
        None,
        description="What builds it. Found from the files when not set: package.json is node,"
        " requirements.txt, pyproject.toml or a Pipfile is python. static: it is only files, which"
        " app.mounts name; nothing of it runs.",
    )
