"""What takes one line of the checklist away, and no other: shell that does it, and shell that puts
it back. None needs another one, so all can be done to one host at once."""

from __future__ import annotations

from tests.host.hands import sql

from .breaking import Broken, edited, kept, moved, overridden
from .broken_application import APPLICATION
from .broken_data import CACHE, DATABASE
from .broken_host import HOST
from .broken_web import SERVED, WEB

CONF = "/etc/nginx/conf.d"
LAST = "/var/lib/readyhost/backup/last.json"
LOOKED = "/var/lib/readyhost/maintained/last.json"
RECORD = "/srv/app/releases.jsonl"
IN_APP = "cd / && runuser -u postgres -- psql -XAtq app"


def failed(job: str) -> Broken:
    """The last run of a job of the backup was no good."""
    change = (
        "import json, os, sys; file, job = sys.argv[1:];"
        " old = json.load(open(file)) if os.path.exists(file) else {};"
        ' old[job] = {**old.get(job, {}), "outcome": "failed", "message": "by hand"};'
        ' json.dump(old, open(file, "w"))'
    )
    copy = f"/root/broken-last-{job}"
    return Broken(
        f"[ ! -e {LAST} ] || cp -p {LAST} {copy}; python3 -c '{change}' {LAST} {job}",
        f"rm -f {LAST}; [ ! -e {copy} ] || mv {copy} {LAST}",
    )


FOREIGN = '{"looked": "2999-01-01T00:00:00Z", "maintained": false, "findings": [{"text": "by hand",'
FOREIGN += ' "level": "wrong"}]}'

BROKEN = {
    "HOST-01": edited(f"{CONF}/proxy.conf", "'$a # by hand'"),
    "HOST-03": Broken("fail2ban-client stop sshd >/dev/null", "fail2ban-client reload >/dev/null"),
    "HOST-04": Broken("systemctl stop apt-daily.timer", "systemctl start apt-daily.timer"),
    "HOST-06": Broken(
        "systemd-run -q --unit=by-hand false; sleep 0.5; systemctl is-failed -q by-hand",
        "systemctl reset-failed by-hand",
    ),
    "DB-06": Broken(
        f"{IN_APP} -c 'CREATE TABLE by_hand AS SELECT 1 AS a FROM generate_series(1, 2)';"
        f" ! ( {IN_APP} -c 'CREATE UNIQUE INDEX CONCURRENTLY by_hand_a ON by_hand (a)' )",
        f"{IN_APP} -c 'DROP TABLE by_hand'",
    ),
    "DB-07": moved("/etc/cron.d/postgres-maintenance"),
    "DB-08": Broken(
        sql(f"CREATE ROLE by_hand PASSWORD 'md5{'0' * 32}'"), sql("DROP ROLE by_hand")
    ),
    "WEB-03": edited(f"{CONF}/compression.conf", "'s/^gzip on/gzip off/'"),
    "WEB-04": edited(f"{CONF}/limits.conf", "'s/^limit_req_status 429/limit_req_status 503/'"),
    "WEB-05": edited(f"{CONF}/headers.conf", "'/^add_header X-Frame-Options/d'"),
    "WEB-09": edited(f"{CONF}/cors.conf",
                     "'$a add_header Access-Control-Allow-Origin \"*\" always;'"),
    "APP-06": Broken(
        "echo SECRET=1 >/etc/app/by-hand-env; chmod 644 /etc/app/by-hand-env",
        "rm /etc/app/by-hand-env",
    ),
    "REL-04": edited(
        RECORD, """'$a {"when": "2026-01-01T00:00:00Z", "tag": "by-hand", "seconds": 1,"""
        """ "outcome": "failed"}'"""
    ),
    "BAK-01": failed("database"),
    "BAK-03": failed("files"),
    "BAK-05": failed("drill"),
    "LOG-01": Broken("mv /etc/logrotate.d/app /root/broken-app",
                     "mv /root/broken-app /etc/logrotate.d/app"),
    "LOG-02": edited(f"{CONF}/access-log.conf", "'s/\"request_id\"/\"id\"/'"),
    "SEC-01": Broken(sql("ALTER ROLE app CREATEDB"), sql("ALTER ROLE app NOCREATEDB")),
    "SEC-02": Broken(
        "install -d -o nobody /srv/app/releases/by-hand", "rmdir /srv/app/releases/by-hand"
    ),
    "SEC-03": Broken(
        "install -d -o nobody /var/lib/readyhost/by-hand", "rmdir /var/lib/readyhost/by-hand"
    ),
    "SEC-04": Broken(
        "fail2ban-client set nginx-hostile bantime -1 >/dev/null",
        "fail2ban-client set nginx-hostile bantime 600 >/dev/null",
    ),
    "SEC-05": kept(LOOKED, f"echo '{FOREIGN}' >{LOOKED}"),
    "SEC-08": overridden("SEC-08", "cron.service", "LockPersonality=no"),
    **HOST,
    **DATABASE,
    **CACHE,
    **WEB,
    **APPLICATION,
    **SERVED,
}  # fmt: skip
"""By the line that is false then. In this order they are done, in the other one undone."""
