"""BAK: backups, and the proof that they come back."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from roles.external.sources import databases
from roles.postgres.session import psql

from ..outcome import Finding, false, true, unknown, unwanted
from .absent import databases_elsewhere, providers, uploads_elsewhere
from .look import Look

if TYPE_CHECKING:
    from settings import Settings

STATE = "/var/lib/readyhost/backup"
JOBS = f"""python3 -Ic '
import json, os
def read(file):
    try: return json.load(open(file))
    except (OSError, ValueError): return {{}}
try: prepared = os.stat("{STATE}/prepared").st_mtime
except OSError: prepared = os.stat("/etc/backup/backup.json").st_mtime
ages = json.load(open("/etc/backup/backup.json"))["longest_age"]
print(json.dumps(dict(last=read("{STATE}/last.json"), ages=ages, prepared=prepared)))'"""
ARCHIVER = (
    "SELECT concat_ws($$ $$, current_setting($$archive_mode$$),"
    " coalesce(extract(epoch FROM last_archived_time), 0)::bigint,"
    " coalesce(last_failed_time > coalesce(last_archived_time, $$-infinity$$), false)::text::char,"
    " (SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE $$%.ready$$))"
    " FROM pg_stat_archiver"
)
DAY = 86_400


def looks(settings: Settings) -> list[Look]:
    """What is asked of the host about backups."""
    away = settings.backup
    elsewhere = [
        name
        for name, place in (
            ("off-site", away.offsite.bucket),
            ("mirror", away.mirror.host),
            ("fetched", away.pull.key),
        )
        if place
    ]
    job = "database" if databases(settings) else "files"
    return [
        Look("BAK-01", JOBS, partial(_job, name="database", beside=databases_elsewhere(settings))),
        Look("BAK-02", f"{psql(settings.postgres.port)} -c '{ARCHIVER}'", _archive),
        Look("BAK-03", JOBS, partial(_job, name="files", beside=uploads_elsewhere(settings))),
        Look("BAK-04", JOBS, lambda said: _away(said, elsewhere, away.local_only, job)),
        Look("BAK-05", JOBS, partial(_job, name="drill")),
    ]


def _job(said: list[str], name: str, beside: Sequence[str] = ()) -> Finding:
    """beside: what is at a provider, and in no backup of the host."""
    all_jobs: dict[str, Any] = json.loads(said[-1])
    last, longest = all_jobs["last"].get(name, {}), all_jobs["ages"].get(name, 8 * DAY)
    success = last.get("success", 0)
    if last and last.get("outcome") != "ok":
        return false(f"the last one failed: {last.get('message', '')}", success or None)
    since = max(success, all_jobs["prepared"])
    if time.time() - since > longest:
        return false(f"none that is good for {longest / DAY:.1f} days", success or None)
    if not success:
        return unknown("none yet: the first is not due")
    measured = [f"{key.upper()} {last[key]:.0f} s" for key in ("rpo", "rto") if key in last]
    words = [", ".join(["the last one is good", *measured]), providers(beside)]
    return true("; ".join(filter(None, words)), success)


def _archive(said: list[str]) -> Finding:
    mode, last, failing, waiting = said[-1].split()
    if failing not in "tf" or mode not in ("on", "off", "always"):
        raise ValueError(said)
    if mode == "off" or failing == "t":
        return false(f"archive_mode {mode}; {int(waiting)} segments wait, the last was refused")
    if not int(last):
        return unknown("no segment has been archived yet")
    return true(f"archived; {int(waiting)} segments wait", float(last))


def _away(said: list[str], elsewhere: list[str], alone: bool, job: str) -> Finding:
    all_jobs = json.loads(said[-1])
    if not elsewhere:
        if alone:
            return unwanted("backup.local_only: no copy is away from this host")
        return false("no copy is away from this host")
    good = all_jobs["last"].get(job, {}).get("success")
    if not good:
        return unknown(f"{', '.join(elsewhere)}: nothing has been backed up yet")
    return true(", ".join(elsewhere), good)
