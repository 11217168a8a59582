"""The steps as an Ansible playbook, as one would be written by hand: a task for each thing, loops
over a role's files, handlers for what follows a change, and nothing that is not needed.

Where there is a choice it is the faster one: files are copied as rendered, not rendered once more;
nothing is validated before it is in place; nothing is asked whether it answers.
"""

from __future__ import annotations

import base64
import json
import re
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from roles.core.entries import Absent, Directory, File, Link
from roles.core.service import Service
from roles.postgres.changes import plan, script
from roles.postgres.quoting import literal
from roles.postgres.session import psql
from roles.postgres.state import State
from roles.postgres.wanted import Wanted

from .steps import Commands, Database, Files, Packages, Release, Running, Step

PLAYBOOK = "playbook.yml"
# Folders that a system has only once something is in them; the copy module makes none.
DROP_INS = re.compile(r"(\.(conf|service|timer)|sysusers|needrestart/conf)\.d$")
Task = dict[str, Any]

CONFIGURATION = """[defaults]
host_key_checking = False
interpreter_python = /usr/bin/python3
[ssh_connection]
pipelining = True
ssh_args = -o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile=/dev/null \
-o LogLevel=ERROR
"""


def write(steps: Iterable[Step], folder: Path) -> None:
    """The playbook, its configuration and its files, below `folder`."""
    book = Book(folder)
    for step in steps:
        book.add(step)
    play = {
        "hosts": "all",
        "become": True,
        "gather_facts": True,
        "tasks": book.tasks,
        "handlers": list(book.handlers.values()),
    }
    # JSON is YAML.
    (folder / PLAYBOOK).write_text(json.dumps([play], indent=1))
    (folder / "ansible.cfg").write_text(CONFIGURATION)


class Book:
    """Tasks and handlers so far; what is copied lies in `folder`/files."""

    def __init__(self, folder: Path) -> None:
        self.tasks: list[Task] = []
        self.handlers: dict[str, Task] = {}
        self.files = folder / "files"
        self.files.mkdir(parents=True)

    def add(self, step: Step) -> None:
        if isinstance(step, Packages):
            self._task("Packages", apt=_apt(step.names))
        elif isinstance(step, Files):
            self._files(step)
        elif isinstance(step, Running):
            self._running(step)
        elif isinstance(step, Commands):
            self._commands(step)
        elif isinstance(step, Database):
            self._database(step)
        else:
            self._release(step)

    def _task(self, name: str, **values: Any) -> None:
        self.tasks.append({"name": name, **values})

    def _files(self, step: Files) -> None:
        notify = [self._handler(command) for command in step.commands]
        notify += [self._restart(service) for service in step.services]
        things: list[tuple[str, str, list[Task]]] = [
            ("directories", "file", [_directory(entry) for entry in _directories(step)]),
            ("files", "copy", [self._copy(entry) for entry in step.of(File)]),
            ("links", "file", [_link(entry) for entry in step.of(Link)]),
            ("unwanted", "file", [_absent(entry) for entry in step.of(Absent)]),
        ]
        for kind, module, items in things:
            if items:
                keys = sorted({key for values in items for key in values})
                values = {key: f"{{{{ item.{key} }}}}" for key in keys}
                label = {"label": "{{ item.dest | default(item.path) }}"}
                task = {module: values, "loop": items, "loop_control": label}
                self._task(f"{step.name}: {kind}", **task, notify=notify)
        self.tasks.append({"meta": "flush_handlers"})

    def _copy(self, entry: File) -> Task:
        source = self.files / str(len(list(self.files.iterdir())))
        source.write_bytes(entry.data)
        mode = f"{entry.mode:04o}"
        return {"src": str(source), "dest": entry.path, "mode": mode} | _owner(entry)

    def _handler(self, command: str) -> str:
        if command == "systemctl daemon-reload":
            values: Task = {"systemd_service": {"daemon_reload": True}}
        else:
            values = {"shell": command}
        self.handlers[command] = {"name": command, **values}
        return command

    def _restart(self, service: Service) -> str:
        name = f"restart {service.unit}"
        values = {"name": service.unit, "state": "restarted"}
        self.handlers[name] = {"name": name, "systemd_service": values}
        return name

    def _running(self, step: Running) -> None:
        for service in step.services:
            values = {"name": service.unit, "state": "started", "enabled": True}
            self._task(f"{step.name}: {service.unit}", systemd_service=values)

    def _commands(self, step: Commands) -> None:
        text = "\n".join(["set -e", *step.commands])
        shell = f"if ( {step.unless}\n) >/dev/null 2>&1; then exit 0; fi\n{text}\necho changed"
        self._shell(step.name, shell, step.stdin)

    def _shell(self, name: str, command: str, stdin: str | None) -> None:
        values: Task = {"cmd": "{% raw %}" + command + "{% endraw %}"}
        if stdin is not None:
            values |= {"stdin": "{% raw %}" + stdin + "{% endraw %}"}
        changed = "'changed' in result.stdout"
        self._task(name, shell=values, register="result", changed_when=changed)

    def _database(self, step: Database) -> None:
        """A task for each role and each database, which looks before it acts."""
        for role in step.wanted.roles:
            self._psql(step, "pg_roles WHERE rolname", role.name, Wanted((role,), ()))
        for base in step.wanted.databases:
            self._psql(step, "pg_database WHERE datname", base.name, Wanted((), (base,)))

    def _psql(self, step: Database, where: str, name: str, wanted: Wanted) -> None:
        ask = psql(step.port)
        there = f"SELECT 1 FROM {where} = {literal(name)}"  # noqa: S608 - names of our own
        look = f"( {ask} -c {shlex.quote(there)} ) </dev/null | grep -q 1"
        sql = script(plan(wanted, State(), step.version))
        command = f"{look} && exit 0\n{ask} -f - >/dev/null && echo changed"
        self._shell(f"PostgreSQL: {name}", command, sql)

    def _release(self, step: Release) -> None:
        archive = self.files / "release"
        archive.write_bytes(base64.encodebytes(step.archive()))
        there = f"/var/tmp/{step.release.commit}"  # noqa: S108 - on a throw-away box
        self._task("Release: archive", copy={"src": str(archive), "dest": there, "mode": "0600"})
        creates = f"/srv/{step.app}/releases/{step.release.tag}"
        values = {"cmd": f"{shlex.join(step.command)} < {there}", "creates": creates}
        self._task("Release: build and start", shell=values)


def _apt(names: Sequence[str]) -> Task:
    cache = {"update_cache": True, "cache_valid_time": 3600}
    return {"name": list(names), "install_recommends": False, **cache}


def _owner(entry: File | Directory) -> Task:
    return {"owner": entry.owner, "group": entry.group}


def _directories(step: Files) -> list[Directory]:
    parents = sorted({str(Path(entry.path).parent) for entry in step.of(File)})
    listed = step.of(Directory)
    known = {entry.path for entry in listed}
    return listed + [Directory(p) for p in parents if DROP_INS.search(p) and p not in known]


def _directory(entry: Directory) -> Task:
    mode = f"{entry.mode:04o}"
    return {"path": entry.path, "state": "directory", "mode": mode} | _owner(entry)


def _link(entry: Link) -> Task:
    return {"src": entry.target, "dest": entry.path, "state": "link", "force": True}


def _absent(entry: Absent) -> Task:
    return {"path": entry.path, "state": "absent"}
