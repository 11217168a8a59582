"""Runs on the host, as root: tries attacks where their intruder is, and looks whether they worked.

Prints JSON: by name whether it worked, what he saw, and what went wrong with the trial itself.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO

sys.path.insert(0, "/usr/local/lib/readyhost")
from maintained import sandbox as audit  # type: ignore[import-not-found]  # the host's own
from release import build, user  # type: ignore[import-not-found]
from release.layout import Layout  # type: ignore[import-not-found]
from release.operate import sandbox  # type: ignore[import-not-found]

from roles.core.host import disk

PLACE = Path("/opt/attack")
SAID, TRY = PLACE / "said", PLACE / "try"
LONGEST = 30  # seconds
LAYOUT = Layout("app")
CONFINES = re.compile(
    r"(Ambient|Capab|ExecPaths|Inaccess|IPAddress|Keyring|Lock|Memory[D]eny|NoExec|NoNew|Private|"
    r"Protect|ReadOnly|ReadWrite|Restrict(?!art)|SystemCall|BindPaths|BindReadOnly|TemporaryFile|RemoveIPC)"
)
# How a service starts and ends; a directory of its own would go with the intruder.
NOT_HIS = re.compile(r"(Exec(?!Paths)|Restart|Kill|Timeout|PIDFile|Runtime|IgnoreSIG|Oom|OOM)")

Asked = dict
Intruder = Callable[[Asked], AbstractContextManager[str]]


def shell(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command],
        text=True,
        capture_output=True,
        check=False,
        env={"PATH": "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin", "SAID": str(SAID)},
        stdin=subprocess.DEVNULL,
    )


def must(command: str) -> None:
    done = shell(command)
    if command and done.returncode:
        raise RuntimeError(f"{command}\n{done.stdout}{done.stderr}")


def ran(arguments: list[str], stdin: int | IO[str] = subprocess.DEVNULL) -> str:
    try:
        return subprocess.run(
            arguments,
            text=True,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=LONGEST,
        ).stdout
    except subprocess.TimeoutExpired as error:
        return f"not over after {LONGEST} s: {error.stdout!r}"


def stays(name: str, without: list[str]) -> bool:
    """Whether a directive goes on to confine the intruder."""
    if name in ("User", "Group"):
        return "User" not in without
    names = {each.partition("=")[0] for each in without}
    return name not in names and not ("sandbox" in without and CONFINES.match(name))


def confined(lines: Iterable[tuple[str, str]], without: list[str]) -> list[str]:
    """Options of systemd-run: what goes on to confine him, and what is in the place of the rest."""
    kept = [f"--property={name}={value}" for name, value in lines if stays(name, without)]
    return [*kept, *(f"--property={each}" for each in without if "=" in each)]


@contextmanager
def unit(attack: Asked) -> Iterator[str]:
    """He runs in a unit that has every line of the service's own."""
    name = (
        attack["who"]
        or shell(
            "systemctl list-units --plain --no-legend --state=running 'app-web-*@1.service'"
        ).stdout.split()[0]
    )
    text = shell(f"systemctl cat {name}").stdout.replace("%i", "99")
    lines = [line for line in sandbox.parse(text, "", "") if not NOT_HIS.match(line[0])]
    options = confined(lines, attack["without"])
    # rsyslog and others know the application's units by their name.
    named = [] if attack["who"] else ["--unit=app-attack"]
    run = ["systemd-run", "--quiet", "--wait", "--pipe", "--collect", *named, *options]
    yield ran([*run, "/bin/sh", str(TRY)])


@contextmanager
def a_build(attack: Asked) -> Iterator[str]:
    """He runs as a command of a build does, in a release of his own."""
    folder = LAYOUT.releases / "attack"
    build._begin(LAYOUT, folder)
    account = user.builder(LAYOUT, folder)
    variables = "".join(f"{key}={user.quoted(value)}\n" for key, value in account.env.items())
    disk.write(account.env_file, variables.encode(), 0o600)
    said = user._systemd_run(account, folder, LONGEST)
    mark = "--property="
    lines = [each.removeprefix(mark).partition("=")[::2] for each in said if mark in each]
    run = [each for each in said if mark not in each]
    try:
        yield ran([*run, *confined(lines, attack["without"]), "/bin/sh", str(TRY)])
    finally:
        account.env_file.unlink()
        disk.remove(folder)
        build._empty(LAYOUT.build_home)


@contextmanager
def database(attack: Asked) -> Iterator[str]:
    """He speaks to PostgreSQL as the application does."""
    slot = shell("basename $(readlink /srv/app/live)").stdout.strip()
    variables = f"set -a; . /etc/app/{slot}/operator-env; cd /; exec"
    psql = "setpriv --reuid nobody --regid nogroup --clear-groups psql -XAt -v ON_ERROR_STOP=1"
    with TRY.open() as statements:
        yield ran(["sh", "-c", f"{variables} {psql}"], stdin=statements)


@contextmanager
def an_audit(attack: Asked) -> Iterator[str]:
    """He is what asks registries for holes, or has its answers."""
    options = confined(audit.properties().items(), attack["without"])
    run = ["systemd-run", "--quiet", "--wait", "--pipe", "--collect"]
    yield ran([*run, *options, "/bin/sh", str(TRY)])


@contextmanager
def an_account(_: Asked) -> Iterator[str]:
    """He has an account of the host, and nothing that confines him."""
    yield ran(["runuser", "-u", "nobody", "--", "/bin/sh", str(TRY)])


INTRUDERS: dict[str, Intruder] = {
    "unit": unit,
    "build": a_build,
    "audit": an_audit,
    "account": an_account,
    "database": database,
}


def attempt(intruder: Intruder, attack: Asked) -> dict[str, object]:
    TRY.write_text(attack["tries"] + "\n")
    opened: list[str] = []
    wrong: list[str] = []
    worked, said = False, ""
    try:
        for opens, closes in zip(attack["opens"], reversed(attack["closes"]), strict=True):
            opened.insert(0, closes)
            must(opens)
        must(attack["bait"])
        with intruder(attack) as said:
            SAID.write_text(said)
            worked = shell(attack["worked"]).returncode == 0
    except Exception as error:
        wrong.append(repr(error))
    for command in (attack["after"], *opened):
        try:
            must(command)
        except RuntimeError as error:
            wrong.append(str(error))
    return {"worked": worked, "said": said[-2000:], "wrong": "\n".join(wrong)}


def main(asked: Asked) -> None:
    PLACE.mkdir(mode=0o755, exist_ok=True)
    for name, text in asked["files"].items():
        (PLACE / name).write_text(text)
    intruder = INTRUDERS[asked["intruder"]]
    try:
        print(json.dumps({one["name"]: attempt(intruder, one) for one in asked["attacks"]}))
    finally:
        with suppress(OSError):
            shutil.rmtree(PLACE)
