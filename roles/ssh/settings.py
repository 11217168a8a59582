"""What an environment says about the SSH server of its hosts."""

from typing import Annotated

from pydantic import Field, StringConstraints

from roles.core.model import Section

GROUP = "ssh-login"
"""The group of those who may log in, made and kept by this role."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_-]{0,30}$")]


class Sshd(Section):
    """Who may log in by SSH, how long that may take, and what a session may do."""

    groups: tuple[Name, ...] = Field(
        (GROUP,),
        min_length=1,
        description="Groups whose members may log in. The members of ssh-login are kept by"
        " readyhost: the account of ssh.user, base.admins and sshd.users.",
    )
    users: tuple[Name, ...] = Field(
        (),
        description="Further accounts of the host that may log in, such as one for backups. An"
        " account that leaves this list can't any more.",
    )
    login_grace_seconds: int = Field(
        30,
        ge=5,
        le=120,
        description="Time to log in, seconds. A scanner holds a connection no longer than that.",
    )
    max_tries: int = Field(
        6,
        ge=1,
        le=20,
        description="Keys that a client may offer on one connection, as OpenSSH's own default. An"
        " agent offers all it has, and a key can't be guessed: raise it if yours has more.",
    )
    max_waiting: int = Field(
        30,
        ge=2,
        le=1000,
        description="Connections that may be logging in at once. From a third of it on, new ones"
        " are dropped at random, so that a flood of them lets some of yours through.",
    )
    max_sessions: int = Field(
        10,
        ge=1,
        le=100,
        description="Sessions on one connection. pyinfra runs its commands over a few.",
    )
    alive_interval_seconds: int = Field(
        60,
        ge=10,
        le=600,
        description="How often a silent client is asked whether it is there, seconds. After three"
        " questions without an answer its session ends.",
    )
    tcp_forwarding: bool = Field(
        False,
        description="Let clients forward ports to the host (ssh -L, ssh -J). Whoever logs in then"
        " reaches what listens on the host's loopback only, the database for one.",
    )
    min_rsa_bits: int = Field(
        2048,
        ge=1024,
        le=16_384,
        description="Least length of a user's RSA key, bits. OpenSSH looks at it from 9.1 on.",
    )
