"""What hands do to a host: shell commands that do it, and a shell test that it is right again.

Each is what somebody did on a real server: a quick fix, a package's script, a tool of the hoster, a
command in the wrong window. None needs another one, so all can be done to one host at once. $slot
is the live one of the application.
"""

from __future__ import annotations

from typing import NamedTuple

AS_POSTGRES = "cd / && runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1"
POOLER = f"{AS_POSTGRES} -h /run/postgresql -p 6432 -U pgbouncer pgbouncer"
ETC_POSTGRES = "/etc/postgresql/*/main"
CONFIGURED = "SELECT rolconfig FROM pg_roles WHERE rolname = 'app'"
UNITS = "/etc/systemd/system"


class Hand(NamedTuple):
    """does: the commands; right: succeeds on a host where nobody did that."""

    does: str
    right: str


def sql(statement: str) -> str:
    """Shell: a statement of the superuser's."""
    return f'{AS_POSTGRES} -c "{statement}"'


def cache(command: str) -> str:
    """Shell: what Redis answers to its operator."""
    return f"{{ cat /etc/redis/operator; echo '{command}'; }} | redis-cli | tail -n +2"


def gives(value: str, command: str) -> str:
    """Shell test: what a command prints."""
    return f'[ "$({command})" = "{value}" ]'


def runs(unit: str) -> str:
    """Shell test: a unit runs, now and after a reboot."""
    return f"systemctl is-active -q {unit} && systemctl is-enabled -q {unit}"


def owned(path: str, mode: str, owner: str) -> str:
    """Shell test: mode and owner of a path."""
    return gives(f"{mode} {owner}", f"stat -L -c '%a %U:%G' {path}")


BASE = {
    "a kernel setting": Hand(
        "sysctl -qw net.core.somaxconn=128", "[ $(sysctl -n net.core.somaxconn) -ge 3000 ]"
    ),
    "upgrades masked until the next boot": Hand(
        "systemctl mask -q --runtime --now apt-daily-upgrade.timer", runs("apt-daily-upgrade.timer")
    ),
    "upgrades off": Hand("systemctl disable -q --now apt-daily.timer", runs("apt-daily.timer")),
    "another time zone": Hand(
        "ln -sf /usr/share/zoneinfo/Asia/Tokyo /etc/localtime", gives("UTC", "date +%Z")
    ),
    "no localhost": Hand(
        "sed '/localhost/d' /etc/hosts >/root/hosts; cat /root/hosts >/etc/hosts",
        "grep -q '^127.0.0.1.*localhost' /etc/hosts",
    ),
    "another host name": Hand("hostname changed", gives("web1", "uname -n")),
    "sudo taken": Hand(
        "rm /etc/sudoers.d/readyhost", owned("/etc/sudoers.d/readyhost", "440", "root:root")
    ),
    "a key added": Hand(
        "echo 'ssh-ed25519 AAAA other' >>/home/alice/.ssh/authorized_keys",
        "! grep -q other /home/alice/.ssh/authorized_keys",
    ),
    "no shell": Hand(
        "usermod --shell /usr/sbin/nologin alice", "getent passwd alice | grep -q bash"
    ),
    "no reader of logs": Hand("gpasswd -d alice adm >/dev/null", "id -nG alice | grep -qw adm"),
    "an expired account": Hand(
        "usermod --expiredate 1 bob", gives("", "getent shadow bob | cut -d: -f8")
    ),
    "fewer open files": Hand(
        f"rm {UNITS}.conf.d/readyhost.conf; systemctl daemon-reexec",
        "[ $(systemctl show -P DefaultLimitNOFILESoft) -ge 6000 ]",
    ),
}

DOORS = {
    "may no longer log in": Hand(
        "gpasswd -d alice ssh-login >/dev/null", "getent group ssh-login | grep -q alice"
    ),
    "sshd without our file": Hand(
        "sed -i 's/^Include/#Include/' /etc/ssh/sshd_config; systemctl reload ssh",
        "sshd -T | grep -qx 'passwordauthentication no'",
    ),
    "firewall off": Hand(
        "ufw disable >/dev/null; systemctl mask -q --runtime ufw",
        f"/usr/local/lib/readyhost/firewall/rules check && {runs('ufw')}",
    ),
    "a jail stopped": Hand(
        "fail2ban-client stop sshd >/dev/null", "fail2ban-client status sshd >/dev/null"
    ),
}

DATA = {
    "include_dir gone": Hand(
        f"sed -i '/^include_dir/d' {ETC_POSTGRES}/postgresql.conf;"
        f" {sql('SELECT pg_reload_conf()')} >/dev/null",
        f"! {{ {sql('SHOW log_min_duration_statement')} | grep -qx -- -1; }}",
    ),
    "ALTER SYSTEM": Hand(
        f"{sql('ALTER SYSTEM SET work_mem = 1024')}; {sql('SELECT pg_reload_conf()')} >/dev/null",
        f"! {{ {sql('SHOW work_mem')} | grep -qx 1MB; }}",
    ),
    "a line at the end": Hand(
        f"sed -i '$a random_page_cost = 9' {ETC_POSTGRES}/postgresql.conf;"
        f" {sql('SELECT pg_reload_conf()')} >/dev/null",
        f"! {{ {sql('SHOW random_page_cost')} | grep -qx 9; }}",
    ),
    "a role without limits": Hand(
        sql("ALTER ROLE app RESET ALL"),
        f"{sql(CONFIGURED)} | grep -q statement_timeout",
    ),
    "a superuser": Hand(
        sql("ALTER ROLE app SUPERUSER"),
        f"{sql('SELECT rolname FROM pg_roles WHERE rolsuper')} | grep -qx postgres"
        f" && ! {{ {sql('SELECT rolname FROM pg_roles WHERE rolsuper')} | grep -qx app; }}",
    ),
    "another password": Hand(sql("ALTER ROLE app PASSWORD 'x'"), "true"),
    "an open door": Hand(
        f"sed -i '1i host all all 0.0.0.0/0 trust' {ETC_POSTGRES}/pg_hba.conf",
        f"! grep -q 0.0.0.0/0 {ETC_POSTGRES}/pg_hba.conf",
    ),
    "another account as the application": Hand(
        f"echo 'pooled www-data app' | tee -a {ETC_POSTGRES}/pg_ident.conf >/dev/null",
        f"! grep -q www-data {ETC_POSTGRES}/pg_ident.conf",
    ),
    "PostgreSQL not at boot": Hand(
        f"systemctl disable -q postgresql; echo manual >/root/start;"
        f" cat /root/start | tee {ETC_POSTGRES}/start.conf >/dev/null",
        f"systemctl is-enabled -q postgresql && grep -qx auto {ETC_POSTGRES}/start.conf",
    ),
    "one connection to the pool": Hand(
        f"{POOLER} -c 'SET default_pool_size = 1'",
        f"{POOLER} -c 'SHOW CONFIG' | grep ^default_pool_size | grep -qv '|1|'",
    ),
    "the pool stopped": Hand(
        f"{POOLER} -c 'KILL app'", f"! {{ {POOLER} -c 'SHOW DATABASES' | grep -q '^app|.*|1|0$'; }}"
    ),
    "little memory for Redis": Hand(
        f"{cache('CONFIG SET maxmemory 9mb')} >/dev/null",
        f"! {{ {cache('CONFIG GET maxmemory')} | grep -qx 9437184; }}",
    ),
    "another policy": Hand(
        f"{cache('CONFIG SET maxmemory-policy noeviction')} >/dev/null",
        f"{cache('CONFIG GET maxmemory-policy')} | grep -qx volatile-lru",
    ),
    "what the application may say to Redis": Hand(
        f"{cache('ACL SETUSER app +flushall')} >/dev/null",
        f"{cache('ACL LIST')} | grep '^user app ' | grep -e -flushall -e -@dangerous"
        " | grep -qv +flushall",
    ),
    "another user of Redis": Hand(
        f"{cache('ACL SETUSER guest on nopass +@all ~*')} >/dev/null",
        f"! {{ {cache('ACL USERS')} | grep -qx guest; }}",
    ),
    "Redis masked until the next boot": Hand(
        "systemctl mask -q --runtime redis-server", runs("redis-server")
    ),
}

WEB = {
    "the site's link": Hand(
        "rm /etc/nginx/sites-enabled/app.conf", "test -e /etc/nginx/sites-enabled/app.conf"
    ),
    "the certificate": Hand(
        "rm -r /etc/readyhost/tls", "test -s /etc/readyhost/tls/live/privkey.pem"
    ),
    "Nginx not at boot": Hand("systemctl disable -q nginx", runs("nginx")),
    "pages of errors": Hand("rm -r /var/www/error", "test -s /var/www/error/404.html"),
    "rsyslog masked": Hand("systemctl mask -q --runtime --now rsyslog", runs("rsyslog")),
    "cron off": Hand("systemctl disable -q --now cron", runs("cron")),
    "no backups": Hand(": >/etc/cron.d/backup", "grep -q scheduled /etc/cron.d/backup"),
    "no rotation": Hand("systemctl disable -q --now logrotate.timer", runs("logrotate.timer")),
    "logs for everybody": Hand(
        "chmod 777 /var/log/nginx; chown www-data /var/log/nginx",
        owned("/var/log/nginx", "755", "root:adm"),
    ),
}

APPLICATION = {
    "a variable": Hand("echo HAND=1 >>/etc/app/$slot/env", "! grep -q HAND /etc/app/$slot/env"),
    "an operator's variable": Hand(
        "echo HAND=1 >>/etc/app/$slot/operator-env", "! grep -q HAND /etc/app/$slot/operator-env"
    ),
    "its definition": Hand("rm /etc/app/next/env", "test -s /etc/app/next/env"),
    "its secrets for everybody": Hand(
        "chmod 755 /etc/app; chown app /etc/app", owned("/etc/app", "700", "root:root")
    ),
    "a unit": Hand(
        f"sed -i /^NoNewPrivileges=/d {UNITS}/app-worker-$slot@.service; systemctl daemon-reload",
        f"grep -q ^NoNewPrivileges= {UNITS}/app-worker-$slot@.service",
    ),
    "a unit overridden": Hand(
        f"mkdir -p {UNITS}/app-web-$slot@.service.d;"
        f" printf '[Service]\\nMemoryHigh=20M\\n' >{UNITS}/app-web-$slot@.service.d/x.conf",
        "! systemctl cat app-web-$slot@1 | grep -q MemoryHigh=20M",
    ),
    "a process stopped": Hand(
        "systemctl stop app-web-$slot@1", "systemctl is-active -q app-web-$slot@1"
    ),
    "/srv": Hand("chown app /srv; chmod 777 /srv", owned("/srv", "755", "root:root")),
    "its folder": Hand(
        "chown app:app /srv/app; chmod 777 /srv/app", owned("/srv/app", "755", "root:root")
    ),
    "its uploads": Hand(
        "chown root /srv/app/uploads; chmod 700 /srv/app/uploads",
        owned("/srv/app/uploads", "2750", "app:www-data"),
    ),
    "its releases": Hand(
        "chown app /srv/app/releases", owned("/srv/app/releases", "755", "root:root")
    ),
    "the live release": Hand(
        "chown app /srv/app/current/; chmod 777 /srv/app/current/",
        owned("/srv/app/current", "755", "root:root"),
    ),
    "its user": Hand(
        "usermod --shell /bin/bash --append --groups sudo app",
        "getent passwd app | grep -q nologin && ! id -nG app | grep -qw sudo",
    ),
    "not at boot": Hand("systemctl disable -q app.target", "systemctl is-enabled -q app.target"),
    "a job masked": Hand(
        "systemctl mask -q --runtime app-cleanup.timer; systemctl stop app-cleanup.timer",
        runs("app-cleanup.timer"),
    ),
    "no comparison": Hand("systemctl disable -q --now app_verify.timer", runs("app_verify.timer")),
    "no watchdog": Hand("systemctl disable -q --now app-watchdog", runs("app-watchdog")),
    "static files": Hand("ln -sfn /nowhere /srv/app/current", "test -d /srv/app/current/static"),
}

HANDS = {**BASE, **DOORS, **DATA, **WEB, **APPLICATION}
"""All of them, by what somebody would call it."""
