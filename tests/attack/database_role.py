"""What the attacks of an intruder with the application's database role share."""

from __future__ import annotations

from .attack import LOOT, Attack, Protection, sql

SUPERUSER = sql("ALTER ROLE app SUPERUSER", "ALTER ROLE app NOSUPERUSER")
AS_POSTGRES = "cd /; runuser -u postgres -- psql -XAtq -d app -c"
SEEN = f"grep -qF {LOOT} $SAID"


def granted(role: str) -> Protection:
    return sql(f"GRANT {role} TO app", f"REVOKE {role} FROM app")


def his(
    name: str, tries: str, worked: str = "! grep -q ERROR $SAID", after: str = "", bait: str = ""
) -> Attack:
    """What a superuser may, and nobody else."""
    return Attack(name, tries, worked, (SUPERUSER,), bait, after)
