"""The same intruder at other services: databases, caches, fail2ban, Nginx."""

from __future__ import annotations

from hashlib import sha1

from .attack import LOOT, NGINX, PLACE, Attack, edited, keys_of_clouds, mode
from .in_application import PYTHON, ROOT

FAIL2BAN = "fail2ban-client reload >/dev/null && sleep 1"
VICTIM = "203.0.113.77"
FORGED = f"Connection closed by authenticating user root {VICTIM} port 4711 [preauth]"
SITE = "curl -sk --resolve shop.example:443:127.0.0.1 https://shop.example"
PG = "/etc/postgresql/*/main/pg_hba.conf"
AS_REDIS = "{ cat /etc/redis/operator; echo '%s'; } | redis-cli"
WHO = "redis.call('KEYS', 'attack'); return 'in by it'"
FUNCTION = f"#!lua name=attack\nredis.register_function('attack', function() {WHO} end)"
LEFT = f"EVALSHA {sha1(WHO.encode()).hexdigest()} 0\nFCALL attack 0"
"""What both kinds leave for whoever runs it: Redis 6.0 keeps scripts, 7 functions, too."""

ATTACKS = (
    # --- other services ---
    *keys_of_clouds(),
    Attack(
        "PostgreSQL's superuser",
        "psql -wXAt -h /run/postgresql -U postgres -d postgres -c 'SELECT current_user'",
        "grep -qx postgres $SAID",
        (edited(PG, "s/^(local +all +postgres +)peer/\\1trust/", "postgres-reload"),),
    ),
    Attack(
        "PgBouncer's console",
        "psql -wXAt -h /run/postgresql -p 6432 -U pgbouncer -d pgbouncer -c 'SHOW VERSION'",
        "grep -qi '^pgbouncer [0-9]' $SAID",
        (
            mode("/run/postgresql/.s.PGSQL.6432", "777"),
            edited("/etc/pgbouncer/clients.conf", "1ilocal all all trust", "true"),
            edited(
                "/etc/pgbouncer/pgbouncer.ini",
                "s/^auth_type/admin_users = pgbouncer\\n&/",
                "systemctl reload pgbouncer && sleep 0.5",
            ),
        ),
    ),
    Attack(
        "Redis without a name",
        "redis-cli PING",
        "grep -qx PONG $SAID",
        (
            edited(
                "/etc/redis/users.acl",
                "s/^(user default on( sanitize-payload)?) \\S+/\\1 nopass/",
                AS_REDIS % "ACL LOAD",
            ),
        ),
    ),
    Attack(
        "Redis' administration",
        "redis-cli -u $REDIS_URL CONFIG GET dir",
        "grep -q /var/lib/redis $SAID",
        (
            edited(
                "/etc/redis/users.acl",
                "s/^(user (app|default) .*)/\\1 +config/",
                AS_REDIS % "ACL LOAD",
            ),
        ),
    ),
    Attack(
        "what may stop Redis for all, by a script of his",
        f'redis-cli -u $REDIS_URL EVAL "{WHO}" 0',
        "grep -qx 'in by it' $SAID",
        (
            edited(
                "/etc/redis/users.acl",
                "s/^(user (app|default) .*)/\\1 +keys/",
                AS_REDIS % "ACL LOAD",
            ),
        ),
    ),
    Attack(
        "Redis' operator, who runs what he left there",
        f'redis-cli -u $REDIS_URL SCRIPT LOAD "{WHO}"; printf %s "{FUNCTION}"'
        " | redis-cli -u $REDIS_URL -x FUNCTION LOAD REPLACE",
        f"{{ {AS_REDIS % LEFT}; }} | grep -qx 'in by it'",
        (
            edited(
                "/etc/redis/users.acl",
                "s/^(user operator .*) -@scripting.*/\\1/",
                AS_REDIS % "ACL LOAD",
            ),
        ),
        after=AS_REDIS % "SCRIPT FLUSH\nFUNCTION FLUSH" + " >/dev/null",
    ),
    Attack(
        "fail2ban's door",
        f"{PYTHON} 'import socket; s = socket.socket(socket.AF_UNIX);"
        ' s.connect("/run/fail2ban/fail2ban.sock"); print(1)\'',
        "grep -qx 1 $SAID",
        (mode("/run/fail2ban/fail2ban.sock", "777"),),
    ),
    # --- his words as a weapon ---
    Attack(
        "somebody else's ban, by the journal",
        f"for i in 1 2 3 4 5 6 7; do logger -t sshd '{FORGED}'; done",
        f"for i in $(seq 20); do fail2ban-client status sshd | grep -qF {VICTIM} && exit;"
        " sleep 0.2; done; exit 1",
        (
            edited(
                "/etc/fail2ban/jail.local",
                "s/^(journalmatch = ).*/\\1SYSLOG_IDENTIFIER=sshd/",
                FAIL2BAN,
            ),
        ),
        after=f"fail2ban-client unban {VICTIM} >/dev/null",
        past=("InaccessiblePaths",),
    ),
    Attack(
        "somebody else's ban, by Nginx' log",
        "echo attack-line >>/var/log/nginx/access.log",
        "grep -qx attack-line /var/log/nginx/access.log",
        ROOT,
        after="sed -i /^attack-line$/d /var/log/nginx/access.log; kill -USR1 $(cat /run/nginx.pid)",
    ),
    # --- through whoever serves for him ---
    Attack(
        "what Nginx may read, by a link in the uploads",
        f"ln -s {PLACE}/nginx-alone.txt /srv/app/uploads/attack.txt",
        f"{SITE}/uploads/attack.txt | grep -qF {LOOT}",
        (edited("/etc/nginx/sites-enabled/app.conf", "/disable_symlinks/d", NGINX),),
        bait=f"echo {LOOT} >{PLACE}/nginx-alone.txt; chgrp www-data {PLACE}/nginx-alone.txt;"
        f" chmod 640 {PLACE}/nginx-alone.txt",
        after="rm -f /srv/app/uploads/attack.txt",
    ),
)
