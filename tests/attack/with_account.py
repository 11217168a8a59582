"""An intruder with another account of the host: a service's user, somebody who may log in."""

from __future__ import annotations

from roles.pgbouncer.role import check

from .attack import BESIDE_ENDS, LOOT, PLACE, SCRIPT, Attack, Protection, beside, edited

REHEARSAL = f"{PLACE}/rehearsal.sh"
OPEN = Protection(
    "what a rehearsal has in /tmp is its user's", f"touch {PLACE}/open", f"rm {PLACE}/open"
)
LOGINS = "/etc/pgbouncer/logins.conf"

HOST = "/usr/local/lib/readyhost"
NOBODYS = "/run/app/attack/web-99.sock"
WAITED_FOR = (
    f"import sys; sys.path.insert(0, '{HOST}'); from pathlib import Path;"
    f" from release import drain; sys.exit(drain.asked([Path('{NOBODYS}')]) == 0)"
)
TABLE = edited(f"{HOST}/release/drain.py", r"s/^( +)return sum\(/\1raise OSError(/", "true")
KEYS = "/etc /opt /root /run /srv /usr/local /var/backups /var/lib /var/log"
OF_THE_SITE = Protection(
    "the mode of the site's key",
    f"find /etc/readyhost/tls -printf '%m %p\\n' >{PLACE}/modes; chmod -R o+rX /etc/readyhost/tls;"
    f" stat -c %a /etc/readyhost >{PLACE}/above; chmod o+x /etc/readyhost",
    f"while read m p; do [ -L $p ] || chmod $m $p; done <{PLACE}/modes;"
    f" chmod $(cat {PLACE}/above) /etc/readyhost",
)

ATTACKS = (
    Attack(
        "a private key that everybody may read",
        f"grep -rIls --exclude-dir=attack -e '^-----BEGIN [A-Z ]*PRIVATE KEY-----$' {KEYS}",
        "grep -q ^/ $SAID",
        (OF_THE_SITE,),
    ),
    Attack(
        "connections to somebody else's socket, which its end waits for",
        f"setsid {SCRIPT} forge_row {NOBODYS} >/dev/null 2>&1 & sleep 1; cat /proc/net/unix",
        f'grep -q {NOBODYS} $SAID && python3 -Bc "{WAITED_FOR}"',
        (TABLE,),
        after="pkill -f within.py.[f]orge_row",
    ),
    Attack(
        "the passwords of databases elsewhere, while PgBouncer's files are tried",
        "for n in $(seq 40); do cat /tmp/tmp.*/*; sleep 0.05; done 2>/dev/null",
        f"grep -qF {LOOT} $SAID",
        (OPEN,),
        bait=f"cat >{REHEARSAL} <<'END'\numask 077\n{check()}\nEND\n"
        f"[ ! -e {PLACE}/open ] || sed -i 's/chown -R postgres: $d/chmod -R a+rX $d/' {REHEARSAL};"
        f" umask 077; echo {LOOT} >{LOGINS}; {beside(f'sh {REHEARSAL}')}",
        after=f"rm {LOGINS}; {BESIDE_ENDS}",
    ),
)
