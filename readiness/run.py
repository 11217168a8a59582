"""ready.py's run over all hosts: one at a time is looked at, the last one ends it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from roles.core.begin import required
from roles.core.connection import tune
from roles.core.errors import OperatorError
from roles.core.run_lock import take

from . import output
from .measured import Measured
from .report import measured, taken, unreached
from .verdict import Result

if TYPE_CHECKING:
    from pyinfra.api.host import Host

    from settings import Settings

FOLDER = Path(__file__).resolve().parents[1] / "reports"
_found: dict[str, list[Result]] = {}
_measured: dict[str, Measured] = {}


def run(host: Host) -> None:
    """Look at one host. After the last one: write, say, and end with the report's exit status."""
    settings = host.data.settings
    address = str(host.data.get("ssh_hostname") or host.name)
    tune(host)
    try:
        required(host, take(host, "ready.py", hold=False), settings)
        _found[host.name] = taken(host, settings, address)
        if plots := measured(host, settings, time.time()):
            _measured[host.name] = plots
    except OperatorError as error:
        # One host that cannot be looked at is a row of the report, and not its end.
        _found[host.name] = unreached(str(error))
    if len(_found) == len(host.state.active_hosts):
        _end(settings, str(host.data.get("inventory") or settings.environment))


def _end(settings: Settings, environment: str) -> NoReturn:
    when, folder = time.time(), FOLDER / environment
    changes = output.changed(_found, output.last(folder))
    metrics = output.metrics(environment, when, _found)
    kept = json.dumps(output.as_json(environment, when, _found), indent=1)
    page = output.page(environment, when, _found, changes, _measured)
    output.write(folder, {output.JSON: kept, "ready.prom": metrics, "ready.html": page})
    if settings.report.format == "json":
        click.echo(kept)
    elif settings.report.format == "prometheus":
        click.echo(metrics, nl=False)
    else:
        for line in output.terminal(_found, changes):
            click.echo(line)
        click.echo(f"{folder / 'ready.html'}")
    sys.exit(output.exit_status(_found, settings.report.fail_on))
