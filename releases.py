"""The releases on each host: tag, commit, when, who, state and size.

pyinfra inventories/prod.py releases.py
"""

from pyinfra import host

from roles import app
from roles.core.connection import require_root, tune

tune(host)
require_root(host)
for line in app.releases(host.data.settings.app):
    host.log(line)
