"""The releases on each host: tag, commit, when, who, state and size.

pyinfra inventories/prod.py releases.py
"""

from pyinfra import host

from roles import app
from roles.applications import chosen
from roles.core.connection import tune
from roles.core.ending import answered
from roles.core.execute import ask
from roles.core.run_lock import take

tune(host)
take(host, "releases.py", hold=False)
settings = host.data.settings
for view in [chosen(settings)] if settings.application else settings.applications:
    for line in ask(host, app.listed(view.app.name)):
        host.log(line if view.app.alone else f"{view.app.name}  {line}")
answered(host)
