"""What differs on each host from what the settings want; nothing is changed.

    readyhost prod drift

It tells changes made on a host apart from settings that no run has applied yet. What a run would
only report is no difference. The command gives the exit status: 0 nothing
differs, 2 something does, 1 a host could not be asked. pyinfra alone,
`pyinfra --dry inventories/prod.py drift.py`, says the same and exits with 0.
"""

import json
import os
from pathlib import Path

from pyinfra import host

from roles.core.begin import required
from roles.core.connection import tune
from roles.core.ending import answered
from roles.core.execute import look
from roles.core.meanwhile import meanwhile
from roles.core.run_lock import take
from roles.wanted import releases, wanted

settings = host.data.settings
tune(host)
required(host, take(host, "drift.py", hold=False), settings)
with meanwhile(lambda: releases(settings)):  # git asks the repository while the host answers
    plan = wanted(host, settings, note=False)
found = look(host, plan)
for difference in found:
    host.log(str(difference))
    for line in difference.words:
        host.log(f"  {line}")
differs = [difference for difference in found if not difference.meant]
if not differs:
    host.log("is as the settings want it")
if folder := os.environ.get("DRIFT_FOLDER"):  # where `readyhost ENV drift` reads the names
    names = [str(difference) for difference in differs]
    Path(folder, host.name.replace("/", "_")).write_text(json.dumps(names))
answered(host)
