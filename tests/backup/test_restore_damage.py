"""Damage to a backup, or to what it is made of, is found and said before anybody needs it."""

from __future__ import annotations

import pytest

from vagrant.driver import Box

from .hosts import FOLDER, PROM, refused, sql

pytestmark = pytest.mark.timeout(600)


def last(folder: str, order: str) -> str:
    """Shell: the file of pgBackRest's below `folder` that has the most of `order`, as find says."""
    found = f"find {folder} -name '*.zst' -type f -printf '{order} %p\\n'"
    return f"$({found} | sort -n | tail -n 1 | cut -d' ' -f2-)"


def test_BAK_05_damage_is_found_and_said(host: Box, by_hand: None) -> None:
    # The one that is due after a restore: the watch, which is asked here, would make it meanwhile.
    host.ssh("backup database full", timeout=300)
    repository = f"{FOLDER}/database"
    biggest = last(f"$(ls -d {repository}/backup/main/*F | tail -n 1)", "%s")
    flip = (
        f'f={biggest}; cp -p "$f" /root/whole; printf XX | dd of="$f" bs=1 seek=1000 conv=notrunc'
    )
    host.ssh(flip)
    said = refused(host, "backup drill --from local")
    assert "drill: FAILED" in said
    assert "=> a backup is damaged" in said or "=> it can't be decrypted" in said, said
    host.ssh(f'cp -p /root/whole "{biggest}"')
    assert 'backup_last_failed{job="drill"} 1' in host.ssh(f"cat {PROM}")
    assert "drill: the last run failed" in refused(host, "backup watch")

    # A segment that a restore has to replay, gone.
    sql(host, "CREATE TABLE gap (); DROP TABLE gap;")
    name = sql(host, "SELECT pg_walfile_name(pg_switch_wal());")
    found = f"find {repository}/archive -name '{name}-*.zst'"
    host.ssh(
        f'for i in $(seq 120); do f=$({found}); [ -z "$f" ] || break; sleep 0.5; done; test "$f"'
    )
    host.ssh(f'f=$({found}); echo "$f" > /root/name; mv "$f" /root/segment')
    said = refused(host, "backup drill --from local")
    assert "write-ahead log is missing in the archive" in said, said
    host.ssh('mv /root/segment "$(cat /root/name)"')

    file = "/etc/pgbackrest.conf"
    host.ssh(f"cp -p {file} /root/conf && sed -i s/cipher-pass=./cipher-pass=X/ {file}")
    said = refused(host, "backup database diff")
    assert "the passphrase is not the one" in said, said
    host.ssh(f"cp -p /root/conf {file}")
    host.ssh("backup drill --from local", timeout=300)


def test_BAK_05_what_was_damaged_before_it_was_backed_up_is_found(host: Box, by_hand: None) -> None:
    sql(host, "CREATE TABLE odd AS SELECT generate_series(1, 9999) n; CREATE INDEX ON odd (n);")
    where = "SELECT current_setting('data_directory') || '/' || pg_relation_filepath('odd_n_idx');"
    index = sql(host, f"CHECKPOINT; {where}")
    # the keys of the second page's last rows: no engine of backups reads them
    host.ssh(f"head -c 64 /dev/zero | dd of={index} bs=1 seek=$((2 * 8192 - 96)) conv=notrunc")
    said = refused(host, "backup database diff")
    assert "the live database is damaged" in said
    assert index.partition("/main/")[2] in said
    said = refused(host, "backup drill --from local")
    assert "pg_amcheck of the restored database" in said
    assert "odd_n_idx" in said
    sql(host, "DROP TABLE odd;")

    noted = "/var/lib/readyhost/backup/sample.json"
    host.ssh(f"cp {noted} /root/noted && sed -i 's/\\(, \"\\)[0-9a-f]/\\1x/' {noted}")
    said = refused(host, "backup drill --from local")
    assert "files are not what was backed up" in said
    host.ssh(f"cp /root/noted {noted}; backup database diff", timeout=300)
    host.ssh("backup drill --from local", timeout=300)
