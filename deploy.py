"""What a host becomes: which roles, in which order.

    pyinfra inventories/prod.py deploy.py

Everything is rendered and checked while pyinfra prepares, before the first change to any host.
"""

from pyinfra import host

from roles import (
    app,
    backup,
    bans,
    base,
    firewall,
    hardening,
    logs,
    nginx,
    pgbouncer,
    postgres,
    redis,
    ssh,
    tls,
)
from roles.core.connection import require_root, tune
from roles.core.machine import MachineFact
from settings import check_host

tune(host)
require_root(host)
settings = host.data.settings
machine = host.get_fact(MachineFact)
release = app.release(settings.app)
check_host(settings, machine, release)

base.base(
    settings.base,
    machine,
    packages=[
        *firewall.packages(settings.firewall, machine),
        *ssh.packages(settings.sshd, machine),
        *postgres.packages(settings.postgres, machine),
        *backup.packages(settings.backup, machine),
        *pgbouncer.packages(settings.pgbouncer, machine),
        *redis.packages(settings.redis, machine),
        *logs.packages(settings.logs, machine),
        *tls.packages(settings.tls),
        *nginx.packages(),
        *hardening.packages(settings.hardening, machine),
        *bans.packages(settings.bans, machine),
        *app.packages(settings.app, machine),
    ],
    confirm_within=settings.ssh.confirm_within,
    held=["fail2ban", "nginx", "pgbouncer", "postgresql", "redis-server", "rsyslog"],
)
firewall.firewall(settings.firewall, machine, confirm_within=settings.ssh.confirm_within)
ssh.ssh(
    settings.sshd,
    machine,
    user=host.data.ssh_user,
    admins=settings.base.admins,
    confirm_within=settings.ssh.confirm_within,
)
hardening.hardening(settings.hardening, machine)
postgres.postgres(settings.postgres, machine)
backup.backup(
    settings.backup,
    machine,
    backup.Kept(
        app=settings.app.name,
        uploads=app.uploads(settings.app),
        cluster=postgres.cluster(settings.postgres, machine),
        port=settings.postgres.port,
        databases=(settings.postgres.database, *settings.postgres.databases),
        redis_port=settings.redis.port,
    ),
)
pgbouncer.pgbouncer(settings.pgbouncer, machine, settings.postgres)
redis.redis(settings.redis, machine)
logs.logs(settings.logs, machine, settings.app.name)
static = app.static(settings.app)
certificate = tls.tls(settings.tls, names=(settings.domain, *settings.aliases))
nginx.nginx(
    settings.nginx,
    machine,
    site=nginx.Site(
        name=settings.app.name,
        domain=settings.domain,
        aliases=settings.aliases,
        sockets=tuple(app.sockets(settings.app, machine, release)),
        static=(("/static/", static),) if static else (),
        uploads=app.uploads(settings.app),
        health=settings.app.health.path,
        transport=tls.transport(settings.tls),
    ),
    certificate=certificate,
)
bans.bans(settings.bans, machine, web_ports=settings.firewall.web_ports)
app.app(
    settings.app,
    machine,
    release,
    domain=settings.domain,
    environment=settings.environment,
    database_url=pgbouncer.url(settings.pgbouncer, settings.postgres),
    migration_url=postgres.url(settings.postgres),
    redis_url=redis.url(settings.redis),
)
tls.obtain(settings.tls, machine)
