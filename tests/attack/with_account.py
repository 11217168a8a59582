"""An intruder with another account of the host: a service's user, somebody who may log in."""

from __future__ import annotations

from roles.pgbouncer.role import check

from .attack import BESIDE_ENDS, LOOT, PLACE, Attack, Protection, beside

REHEARSAL = f"{PLACE}/rehearsal.sh"
OPEN = Protection(
    "what a rehearsal has in /tmp is its user's", f"touch {PLACE}/open", f"rm {PLACE}/open"
)
LOGINS = "/etc/pgbouncer/logins.conf"

ATTACKS = (
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
