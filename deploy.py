"""What a host becomes: see roles/plan.py for which roles, in which order.

    pyinfra inventories/prod.py deploy.py

Everything is rendered and checked while pyinfra prepares, before the first change to any host.
"""

from pyinfra import host

from roles.core.begin import begin
from roles.core.execute import execute
from roles.wanted import wanted

settings = host.data.settings
begin(host, "deploy.py", settings)
execute(host, wanted(host, settings))
