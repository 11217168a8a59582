"""The whole measurement, or the parts that are named: python -m benchmarks [PART]..."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from vagrant.driver import wrapper

from . import report
from .backup.figures import backup
from .bars import PARTS
from .boxes import application
from .load.figures import load
from .machine import describe
from .many.figures import many
from .monitoring.figures import monitoring
from .provision.figures import provision
from .releases.figures import releases
from .second.figures import second

MEASURE = {
    "provision": provision,
    "second": second,
    "many": many,
    "load": load,
    "backup": backup,
    "releases": releases,
    "monitoring": monitoring,
}


def main() -> int:
    """Measure, print and keep. Exit status 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--suite", default=None, help="of the boxes; default: vagrant/box suite")
    parser.add_argument("--print", action="store_true", help="keep no report")
    options = parser.parse_args()
    parts = options.parts or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")

    # As on an operator's machine, where compiled modules and templates are kept.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    suite = options.suite or wrapper("suite")
    figures: dict = {"machine": describe(suite)}
    with tempfile.TemporaryDirectory(prefix="readyhost-bench-") as folder:
        source = application(Path(folder))
        for part in parts:
            say(f"{part}: measuring on new {suite} boxes")
            figures[part] = MEASURE[part](suite, source)
    text = report.render(figures, report.last())
    print(text)
    if not options.print:
        say(f"kept: {report.keep(figures, text).name} in benchmarks/results")
    missed = [bar for part in parts for bar in PARTS[part](figures[part]) if not bar.met]
    return 1 if missed else 0


def say(text: str) -> None:
    """Progress, apart from the tables."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
