"""What a run of deploy.py would make, written down instead of made.

    python -m benchmarks.provision.recording FOLDER --dry inventories/vagrant.py deploy.py

This is pyinfra itself, and deploy.py's own plan, which is written down instead of carried out. So
the playbook and the script below FOLDER are for exactly what the roles render.
"""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

from roles.app.deploy import BuiltAhead, Live
from roles.base.boot import AtBoot
from roles.base.packages import SCRIPT
from roles.core.applied import Applied
from roles.core.fileset import Files as WantedFiles
from roles.core.plan import Plan, bare
from roles.core.services import Services
from roles.core.shell import Commands as WantedCommands
from roles.core.step import Confirm
from roles.core.step import Step as WantedStep
from roles.postgres.database_objects import DatabaseObjects

from . import playbook, script
from .steps import Commands, Database, Files, Packages, Release, Running, Step, resources

SUMMARY = "resources.json"


def recorded(plan: Plan) -> list[Step]:
    """The steps of a plan as others can take them: they have no guard, no memory, and say nothing
    of files of others. Raises TypeError for a kind that is unknown here: nothing may go unrecorded.
    """
    none = Confirm | Applied | AtBoot | BuiltAhead
    found = (_step(bare(step)) for step in plan.steps if not isinstance(step, none))
    return list(found)


def _step(step: WantedStep) -> Step:
    if isinstance(step, WantedFiles):
        return Files(step.name, tuple(step.entries), tuple(step.services), tuple(step.commands))
    if isinstance(step, Services):
        return Running(step.name, tuple(step.services))
    if isinstance(step, WantedCommands):
        commands = tuple(step.commands)
        if step.stdin == SCRIPT.read_text() and len(commands) == 1:
            # sh -s -- timeout locale held packages…
            return Packages(tuple(shlex.split(commands[0])[6:]))
        return Commands(step.name, step.unless, commands, step.stdin)
    if isinstance(step, DatabaseObjects):
        return Database(step.wanted, step.port, step.version)
    if isinstance(step, Live):
        return Release(step.app, step.release, step.archive, step.identity)
    raise TypeError(f"{step.name}: {type(step).__name__} is a step that nobody records")


def main(folder: Path, arguments: list[str]) -> None:
    from pyinfra_cli.main import main as pyinfra

    from roles.core import execute

    plans: list[Plan] = []
    execute.execute = lambda on, plan: plans.append(plan)
    sys.argv = ["pyinfra", *arguments]
    try:
        pyinfra()
    finally:
        steps = [step for plan in plans for step in recorded(plan)]
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        playbook.write(steps, folder)
        script.write(steps, folder)
        (folder / SUMMARY).write_text(json.dumps(resources(steps)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
