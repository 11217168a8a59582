"""Bring each host to what its settings want: roles/plan.py says which roles, in which order.

    pyinfra inventories/prod.py deploy.py

Everything is rendered and checked while pyinfra prepares, before the first change to any host.
"""

from pyinfra import host

from roles.core.begin import begin
from roles.core.execute import execute
from roles.core.meanwhile import meanwhile
from roles.wanted import releases, wanted

settings = host.data.settings
with meanwhile(lambda: releases(settings)):  # git asks the repository while the host answers
    begin(host, "deploy.py", settings)
    plan = wanted(host, settings)
execute(host, plan)
