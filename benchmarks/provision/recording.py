"""What a run of deploy.py would make, written down instead of made.

    python -m benchmarks.provision.recording FOLDER --dry inventories/vagrant.py deploy.py

This is pyinfra itself, with readyhost's operations replaced by ones that write down what they are
asked for. So the playbook and the script below FOLDER are for exactly what the roles render.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from . import playbook, script
from .steps import Commands, Database, Files, Packages, Release, Running, Step, resources

SUMMARY = "resources.json"


class Recorder:
    """Stands in for the operations; `steps` are what they were asked for, in order."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def sync(
        self,
        *,
        name: str,
        role: str,
        entries: Iterable,
        checks: Iterable = (),
        services: Iterable = (),
        commands: Iterable = (),
    ) -> None:
        self.steps.append(Files(name, tuple(entries), tuple(services), tuple(commands)))

    def converge(self, name: str, services: Iterable) -> None:
        self.steps.append(Running(name, tuple(services)))

    def run(
        self, name: str, unless: str, commands: Iterable[str], stdin: str | None = None
    ) -> None:
        from roles.base.packages import SCRIPT

        commands = tuple(commands)
        if stdin == SCRIPT.read_text() and len(commands) == 1:
            # sh -s -- timeout locale held packages…
            self.steps.append(Packages(tuple(shlex.split(commands[0])[6:])))
        else:
            self.steps.append(Commands(name, unless, commands, stdin))

    def contents(self, name: str, wanted: Any, port: int, version: int) -> None:
        self.steps.append(Database(wanted, port, version))

    def live(
        self, *, name: str, app: str, source: Any, identity: str, by: str, back: bool = False
    ) -> None:
        self.steps.append(Release(app, source, identity))

    def guarded(self, *, name: str, guard: Any, step: Callable, **arguments: Any) -> None:
        step(name=name, **arguments)

    def confirm(self, *, name: str, guard: Any) -> None:
        """Others have no such thing."""


def substitutes(recorder: Recorder) -> dict[Callable, Callable]:
    """What takes the place of each operation."""
    import settings  # noqa: F401 - with it every role is loaded
    from roles.app.live import live
    from roles.core.fileset import sync
    from roles.core.guard import confirm, guarded
    from roles.core.services import converge
    from roles.core.shell import run
    from roles.postgres.operations import contents

    return {
        sync: recorder.sync,
        converge: recorder.converge,
        run: recorder.run,
        guarded: recorder.guarded,
        confirm: recorder.confirm,
        contents: recorder.contents,
        live: recorder.live,
    }


def install(recorder: Recorder) -> None:
    """Put the recorder in the place of the operations, wherever a role has imported them."""
    for original, substitute in substitutes(recorder).items():
        replace(original, substitute)


def replace(original: Callable, substitute: Callable) -> None:
    """Have every loaded role call `substitute`."""
    for module in [m for name, m in sys.modules.items() if name.split(".")[0] == "roles"]:
        for name, value in list(vars(module).items()):
            if value is original:
                setattr(module, name, substitute)


def main(folder: Path, arguments: list[str]) -> None:
    from pyinfra_cli.main import main as pyinfra

    recorder = Recorder()
    install(recorder)
    sys.argv = ["pyinfra", *arguments]
    try:
        pyinfra()
    finally:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        playbook.write(recorder.steps, folder)
        script.write(recorder.steps, folder)
        (folder / SUMMARY).write_text(json.dumps(resources(recorder.steps)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
