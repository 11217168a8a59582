"""One run at a time over a host, from its first question to its last change.

The first command of a run takes the host's lock in a channel that stays open as long as the
connection does. So the lock goes with whoever holds it: the process, the machine or the network.
What a lost connection left under way keeps it until that is done.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import shlex
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from paramiko import Channel, SSHException
from pyinfra.api import StringCommand
from pyinfra.api.host import Host

from .errors import OperatorError
from .lost import transport_of
from .state import PROGRAMS, STATE
from .who import operator

SCRIPT = Path(__file__).with_name("run_lock.sh")
LOST = 1800  # seconds that the last command of a lost connection may take, as a release may


@dataclass
class Answer:
    """What a host says first. owner: whose it is. apps: applications that it has. forgotten: that
    it was readyhost's, and what it knew of itself is gone. ready: whether this run may go on.
    busy: who else has it. other: what is none of these, such as complaints."""

    owner: dict[str, Any] = field(default_factory=dict)
    apps: list[str] = field(default_factory=list)
    forgotten: bool = False
    ready: bool = False
    busy: dict[str, Any] = field(default_factory=dict)
    other: list[str] = field(default_factory=list)


_held: dict[str, tuple[Answer, Channel | None]] = {}
"""By host: what it said, and the channel that holds its lock."""


def take(host: Host, what: str, wait: int = 0, *, hold: bool = True) -> Answer:
    """Lock `host` for this run, unless it has. Without `hold`, and in a dry run, only ask.

    what: the deploy, for others who meet this run. wait: seconds that another run may still take.

    Raises OperatorError when the account may not use sudo without a password (pyinfra would ask
    for it and put it on the host's command lines, where every account can read it), and when
    another run has the host; nothing has been changed then.
    """
    if host.name in _held:
        return _held[host.name][0]
    transport = transport_of(host)
    hold = hold and transport is not None and not dry()
    shell = "sh"
    if host.data.get("_sudo"):
        # sudo's complaint as it stands would make pyinfra ask for the password.
        shell = 'said=$(sudo -n true 2>&1) || { echo "$said"; exit 1; }; exec sudo -n sh'
    command = f"{shell} -c {shlex.quote(script(what, operator(), wait, hold=hold))}"
    channel = None
    if transport:
        try:
            channel = transport.open_session(timeout=30)
            channel.exec_command(command)
            answer = read(_told(host, channel, wait))
        except (EOFError, OSError, SSHException) as error:
            raise OperatorError(
                f"[{host.name}] the connection was lost before the first question was answered"
                f" ({error or 'it ended'}). Run it again; nothing has been changed"
            ) from None
    else:
        _, output = host.run_shell_command(StringCommand(command), _sudo=False)
        answer = read(output.stdout_lines)
    if not answer.ready:
        raise OperatorError(
            f"[{host.name}] {_refusal(host, answer, wait)}. Nothing has been changed"
        )
    _held[host.name] = answer, channel
    return answer


def script(what: str, who: str, wait: int, *, hold: bool) -> str:
    """The text of the shell that asks, and with `hold` keeps the lock while its input is open."""
    values: dict[str, str | int] = {
        "what": _safe(what),
        "who": _safe(who),
        "client": _client(),
        "wait": wait,
        "lost": LOST,
        "state": STATE,
        "programs": PROGRAMS,
        "hold": "yes" if hold else "no",
    }
    header = [f"{name}={shlex.quote(str(value))}" for name, value in values.items()]
    return "\n".join([*header, SCRIPT.read_text()])


def read(lines: Iterable[str]) -> Answer:
    """What run_lock.sh printed."""
    answer = Answer()
    for line in lines:
        key, _, value = line.strip().partition(" ")
        if key == "ready":
            answer.ready = True
            break
        if key in ("owner", "busy"):
            with suppress(ValueError):
                setattr(answer, key, {"who": "somebody", **json.loads(value or "{}")})
        elif key == "forgotten":
            answer.forgotten = True
        elif key == "app":
            answer.apps.append(value)
        elif key not in ("waits", "at"):
            answer.other.append(line.strip())
    return answer


def occupied(holder: dict[str, Any], wait: int) -> str:
    """Who has the host and how to stop it; `wait` are the seconds that were waited for it."""
    gone = " (its connection is lost, its last command is not done)"
    return (
        f"{holder.get('who', 'somebody')} is busy here with {holder.get('what', 'a run')} since"
        f" {holder.get('since', '?')}{gone if holder.get('state') == 'lost' else ''}"
        f"{_place(holder)}; waited"
        f" {wait} s (ssh.wait_seconds). Run again when that is done, or stop it, on the host:"
        f" sudo kill {holder.get('process', '?')}. A release that is only being watched ends at"
        " once by `NAME-release rollback` there"
    )


def at(host: Host, step: str) -> None:
    """Others who wait for this host may know where this run is."""
    _, channel = _held.get(host.name, (None, None))
    if channel:
        with suppress(SSHException, OSError, EOFError):  # the next command says that it is lost
            channel.sendall(f"{_safe(step)}\n".encode())


def _safe(text: str) -> str:
    """As the host's shell writes it between double quotes."""
    return re.sub(r"[^A-Za-z0-9@.,:/_ |-]", "?", text)


def _place(holder: dict[str, Any]) -> str:
    step = holder.get("step")
    return f", at the step {step!r}" if step else ""


def _refusal(host: Host, answer: Answer, wait: int) -> str:
    said = " ".join(answer.other) or "nothing"
    if answer.busy:
        return occupied(answer.busy, wait)
    if not host.data.get("_sudo"):
        return f"the host did not answer the first question, it said: {said}"
    user = host.data.ssh_user
    return (
        f"the account {user} may not use sudo without a password (it said: {said}); allow it on"
        f" the host, as root: echo '{user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/deploy"
    )


def _told(host: Host, channel: Channel, wait: int) -> Iterator[str]:
    """The lines of the host up to the one that says that this run may go on; it is answered."""
    asked = False
    for line in channel.makefile("r"):
        key, _, value = line.strip().partition(" ")
        if key == "waits":
            host.log(
                f"  waits for {_named(json.loads(value))}: its connection is lost and its last"
                f" command goes on, for {LOST // 60} minutes at most"
            )
        elif key == "at":
            host.log(f"  it is at the step {value!r}" if value else "  it begins")
        elif key == "busy" and not asked:
            asked = True
            holder = json.loads(value or "{}")
            dead = _is_dead(holder.get("client", ""))
            if dead:
                host.log(f"  ends {_named(holder)}, which has died")
            elif wait:
                host.log(f"  waits for {_named(holder)}{_place(holder)}, for {wait} s")
            channel.sendall(b"end\n" if dead else b"wait\n" if wait else b"\n")
        yield line
        if key == "ready":
            return


def _named(holder: dict[str, Any]) -> str:
    who = holder.get("who", "somebody")
    whose = "your own" if who == operator() else f"{who}'s"
    return f"{whose} run {holder.get('what', '')} of {holder.get('since', '?')}"


def _client() -> str:
    """This process, as runs from the same machine know it."""
    return f"{uuid.getnode():x}-{os.getpid()}"


def _is_dead(client: str) -> bool:
    """Whether `client` was a process of this machine that is not there any more: the host may not
    have noticed, if the connection did not end but broke."""
    machine, _, process = client.partition("-")
    if machine != f"{uuid.getnode():x}" or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def dry() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and context.params.get("dry"))


@atexit.register
def release() -> None:
    """Give the hosts back; a run that is killed before gives them back with its connection."""
    for _, channel in _held.values():
        if channel:
            with suppress(SSHException, OSError, EOFError):
                channel.shutdown_write()
    _held.clear()
