"""Whoever names a table or a file has nothing run by it, and hides nothing from a backup."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator

import pytest

from vagrant.driver import Box

from . import names
from .hosts import PROM, UPLOADS, sql

pytestmark = pytest.mark.timeout(300)

SAMPLE = "/var/lib/readyhost/backup/sample.json"
SPOIL = f"sed -i -E 's/[0-9a-f]{{64}}/{'0' * 64}/g' {SAMPLE}"
# A function that tells this wherever it is called but where it was made.
TELLS = r"""SET SESSION AUTHORIZATION app;
CREATE FUNCTION public.tells(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $f$ BEGIN
  IF current_database() <> 'app' THEN RAISE EXCEPTION E'\x1b]0;title\x07=> run this'; END IF;
  RETURN $1; END $f$;
CREATE TABLE public.told (id int); INSERT INTO public.told VALUES (1);
CREATE INDEX told_by ON public.told (public.tells(id));"""


@pytest.fixture
def named(host: Box, by_hand: None) -> Iterator[Box]:
    names.remove(host)
    names.put(host)
    yield host
    sql(host, "DROP TABLE IF EXISTS told; DROP FUNCTION IF EXISTS public.tells(int);")
    sql(host, "DROP DATABASE IF EXISTS app_before_restore;")
    names.remove(host)
    host.ssh("backup files", timeout=300)


def shown(box: Box, command: str, status: int = 0) -> str:
    """What a command prints, byte by byte what a terminal, or cron's mail, would have got."""
    done = subprocess.run(
        [*box._ssh(), f"sudo -n sh -c {shlex.quote(command + ' 2>&1')}"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
        check=False,
    )
    said = done.stdout.decode()
    assert done.returncode == status, said
    assert all(c.isprintable() or c in "\t\n" for c in said), repr(said)
    assert not [line for line in said.split("\n") if line.startswith("=> run")], said
    return said


def test_SEC_01_names_that_are_orders_are_saved_drilled_and_restored(named: Box) -> None:
    look = f"python3 -c {shlex.quote(names.LOOK)} {UPLOADS}"
    files, catalogue = named.ssh(look), sql(named, names.CATALOGUE)
    shown(named, "backup files; backup dump")
    # What went wrong is told by name.
    named.ssh(SPOIL)
    said = shown(named, "backup drill", status=1)
    assert r"]0;title\x07" in said and "files are not what was backed up" in said
    shown(named, "backup watch", status=1)
    shown(named, "backup files")
    assert "tables have the rows that they had" in shown(named, "backup drill")

    named.ssh(f"rm -r {UPLOADS}/names")
    shown(named, "backup restore files --yes")
    assert named.ssh(look) == files, "all files came back"
    shown(named, "backup restore dump --yes")
    assert sql(named, names.CATALOGUE) == catalogue, "the database is what it was"

    sql(named, TELLS)
    shown(named, "backup dump")
    assert "run this" not in shown(named, "backup restore dump --yes", status=1)
    told = named.ssh(f"journalctl -q -t backup -n 200 -o cat; cat {PROM}")
    assert "\x1b" not in told
    assert named.run(f"ls {names.RAN}").returncode, "a name was run"
