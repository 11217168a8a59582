"""The release before, or a named one, live again; nothing else on the hosts is touched.

    pyinfra inventories/prod.py rollback.py
    pyinfra inventories/prod.py rollback.py --data tag=v1.4.1

A release that is still built is switched to as it was; one that was pruned is built again.
"""

from pyinfra import host

from roles import app, pgbouncer, postgres, redis
from roles.core.connection import require_root, tune
from roles.core.machine import MachineFact

tune(host)
require_root(host)
settings = host.data.settings
named = host.data.get("tag") is not None or host.data.get("app.tag") is not None
goal = app.earlier(settings.app, settings.app.tag if named else None)
if goal.built:
    app.activate(settings.app, goal)
else:
    application = settings.app.model_copy(update={"tag": goal.tag})
    app.app(
        application,
        host.get_fact(MachineFact),
        app.release(application),
        domain=settings.domain,
        environment=settings.environment,
        database_url=pgbouncer.url(settings.pgbouncer, settings.postgres),
        migration_url=postgres.url(settings.postgres),
        redis_url=redis.url(settings.redis),
        back=True,
    )
