"""The releases on each host: tag, commit, when, who, state and size.

pyinfra inventories/prod.py releases.py
"""

from pyinfra import host

from roles import app
from roles.core.connection import tune
from roles.core.execute import ask
from roles.core.run_lock import take

tune(host)
take(host, "releases.py", hold=False)
for line in ask(host, app.listed(host.data.settings.app.name)):
    host.log(line)
