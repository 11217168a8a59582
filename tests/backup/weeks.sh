#!/bin/bash
# Five weeks of database backups in a minute, by the user postgres: weeks.sh DAYS. The engine has the host's
# own configuration; its cluster is a stopped one of nothing but a catalogue. Says which days are restored.
set -eu

days=$1
place=/dev/shm/kept
programs=$(echo /usr/lib/postgresql/*/bin)
mkdir -p $place/repository
sed -e "s,^repo1-path=.*,repo1-path=$place/repository," -e "s,^pg1-path=.*,pg1-path=$place/data," \
    -e "s,^lock-path=.*,lock-path=$place/lock," /etc/pgbackrest-local.conf >$place/conf
engine=(pgbackrest "--config=$place/conf" --stanza=main)

"$programs/initdb" -D $place/data >/dev/null
"${engine[@]}" --no-online stanza-create
for day in $(seq 0 $((days - 1))); do
    echo "$day" >$place/data/day
    kind="diff"
    [ $((day % 7)) != 3 ] || kind=full
    date=$(date -u -d "2026-01-01 02:10 UTC + $day days" "+%Y-%m-%d %H:%M:%S")
    TZ=UTC faketime "$date" "${engine[@]}" --no-online --type=$kind backup 2>&1 | grep -v '^WARN' || true
done

"${engine[@]}" --output=json info | grep -oE '"label":"[^"]+' | cut -d'"' -f4 | while read -r label; do
    rm -rf $place/data
    mkdir -m 700 $place/data
    "${engine[@]}" --set="$label" --type=none restore </dev/null
    echo "kept $(cat $place/data/day) $label"
    case $label in *D) continue ;; esac
    rm -f $place/data/recovery.signal # it was stopped: there is nothing to replay
    echo "SELECT count(*) FROM pg_class" \
        | "$programs/postgres" --single -D $place/data postgres 2>&1 | grep -q 'count = "[1-9]'
    echo "runs $label"
done
