"""The same intruder at the doors around the application: sockets, buses, keys, shared folders."""

from __future__ import annotations

from .attack import (
    BESIDE_ENDS,
    FORGES,
    LOOT,
    NGINX,
    PLACE,
    SCRIPT,
    Attack,
    Protection,
    beside,
    edited,
    mode,
)

SEEN = f"grep -qF {LOOT} $SAID"
SOCKETS = "/run/app/$(basename $(readlink /srv/app/live))"
OTHERS = "/run/app/$(ls /run/app | grep -v $(basename $(readlink /srv/app/live)))"
LIMITS = "size=64k,nr_inodes=1024"
ROOM = Protection(
    "the size of the folder of sockets",
    f"mount -o remount,size=64m,nr_inodes=9999 {SOCKETS}",
    f"mount -o remount,{LIMITS} {SOCKETS}",
)
IN_NGINX = "nsenter -t $(cat /run/nginx.pid) -m mount -o remount,bind,nosuid,nodev,noexec"
NO_LINKS = Protection(
    "no link in the folder of sockets is followed",
    f"{IN_NGINX} tmpfs {SOCKETS}",
    f"{IN_NGINX},nosymfollow tmpfs {SOCKETS}",
)
NO_ABSTRACT = Protection(
    "no service has a socket without a file",
    beside(f"{SCRIPT} listen_abstract") + "; sleep 0.5",
    BESIDE_ENDS,
)
PORTS = {"redis-server": 6379, "pgbouncer": 6432, "postgresql": 5432}


def unkept(port: int) -> Protection:
    """Nobody but a service's own user answers at its port."""
    rule = f"ufw-before-output -o lo -p tcp --sport {port} -j ACCEPT"
    return Protection(f"port {port}", f"iptables -I {rule}", f"iptables -D {rule}")


HIS_OWN = f"{PLACE}/pid"
"""A process that the application runs elsewhere: a release step, or its other slot."""
BESIDE_HIM = (
    beside("sleep 60", f"--uid=app --gid=app -E LOOT={LOOT}")
    + f"; sleep 0.3; systemctl show -P MainPID attack-bait >{HIS_OWN}"
)
SCRAPED, EXPORTERS = 9443, "/etc/nginx/conf.d/scraped.conf"
ADMINISTRATOR = "198.51.100.250"
KNOWN = "/run/readyhost-known"

ATTACKS = (
    FORGES,
    # --- the memory of the host, in which its sockets are ---
    Attack(
        "all of /run, by one file",
        "dd if=/dev/zero of=${SOCKET%/*}/attack bs=1M count=16",
        f"test $(stat -c %s {SOCKETS}/attack) -gt 4000000",
        (ROOM,),
        after=f"rm -f {SOCKETS}/attack",
    ),
    Attack(
        "all of /run, by the number of files",
        "cd ${SOCKET%/*}; mkdir attack; cd attack; for i in $(seq 3000); do : >$i; done",
        f"test $(ls {SOCKETS}/attack | wc -l) -eq 3000",
        (ROOM,),
        after=f"rm -rf {SOCKETS}/attack",
    ),
    Attack(
        "the folder of the other slot's sockets",
        "for s in /run/app/*; do touch $s/attack; done",
        f"test -e {OTHERS}/attack",
        ("ProtectSystem", "ReadOnlyPaths"),
        after="rm -f /run/app/*/attack",
    ),
    # --- Nginx, which may open more than he ---
    Attack(
        "Nginx' own places, by an order in an answer",
        f"{SCRIPT} order_nginx",
        "grep -q '\"status\"' $SAID && ! grep -q Traceback $SAID",
        (edited("/etc/nginx/conf.d/proxy.conf", "/X-Accel-Redirect/d", NGINX),),
    ),
    Attack(
        "a socket that only Nginx may open, by a link in the place of his own",
        f"{SCRIPT} lead_nginx {PLACE}/door",
        SEEN,
        (NO_LINKS,),
        bait=beside(f"{SCRIPT} door_of_nginx {PLACE}/door") + "; sleep 0.5",
        after=f"{BESIDE_ENDS}; rm -f {PLACE}/door",
    ),
    Attack(
        "numbers of his for a Prometheus elsewhere, which asks by the site's name",
        f"{SCRIPT} keep_in_nginx /node",
        f"curl -sk --resolve shop.example:{SCRAPED}:127.0.0.1 https://shop.example:{SCRAPED}/node"
        " | grep attack_kept",
        (edited(EXPORTERS, "/proxy_cache off/d", NGINX),),
        bait=f"sed -i 's/ssl_verify_client on/ssl_verify_client off/' {EXPORTERS}; {NGINX}",
        after=f"sed -i 's/ssl_verify_client off/ssl_verify_client on/' {EXPORTERS}; {NGINX};"
        " find /var/cache/nginx -type f -delete",
    ),
    # --- what others listen at and keep ---
    Attack(
        "a socket without a file", f"{SCRIPT} abstract", "grep -q '^in by' $SAID", (NO_ABSTRACT,)
    ),
    Attack(
        "a key in the kernel that is shared with all",
        f"{SCRIPT} read_key {PLACE}/key",
        SEEN,
        ("SystemCallFilter",),
        bait=beside(f"{SCRIPT} share_key {PLACE}/key") + "; sleep 0.5",
        after=f"{BESIDE_ENDS}; rm {PLACE}/key",
    ),
    Attack(
        "words to the first process of the host",
        f"{SCRIPT} notify",
        "grep -q '^in by' $SAID",
        ("InaccessiblePaths",),
    ),
    Attack(
        "the state of all units, by the bus",
        "systemctl list-units --plain",
        "grep -q ^ssh $SAID",
        ("InaccessiblePaths",),
    ),
    Attack(
        "what a unit was started with, in its file",
        "cat /run/systemd/transient/*",
        SEEN,
        ("InaccessiblePaths",),
        bait=beside("sleep 60", f"-E LOOT={LOOT}"),
        after=BESIDE_ENDS,
    ),
    Attack(
        "from where administrators log in, by what the bans know",
        f"ls {KNOWN}",
        f"grep -qF {ADMINISTRATOR} $SAID",
        ("InaccessiblePaths", mode(KNOWN, "755")),
        bait=f"touch {KNOWN}/{ADMINISTRATOR}",
        after=f"rm {KNOWN}/{ADMINISTRATOR}",
    ),
    Attack(
        "from where administrators log in, by what is kept of sessions",
        "cat /run/systemd/sessions/*; who; last",
        "grep -qE '10[.]0[.]3[.]1\\b' $SAID",
        ("InaccessiblePaths",),
    ),
    Attack(
        "names of what others log",
        "ls /var/log/app /var/log/nginx /var/log",
        "grep -q syslog $SAID",
        ("InaccessiblePaths",),
    ),
    *(
        Attack(
            f"another's password, at the port of {service} while it starts anew",
            f"{SCRIPT} take_port {port}",
            SEEN,
            (unkept(port),),
            bait=f"systemctl stop {service} '{service}@*'; "
            + beside(f"{SCRIPT} say_password {port}"),
            after=f"{BESIDE_ENDS}; systemctl start {service}",
        )
        for service, port in PORTS.items()
    ),
    # --- the application's own other processes: a release step has another way to the database ---
    Attack(
        "the environment of the application's other processes",
        "cat /proc/[0-9]*/environ",
        SEEN,
        ("PrivateUsers",),
        bait=BESIDE_HIM,
        after=BESIDE_ENDS,
    ),
    Attack(
        "the memory of the application's other processes",
        f"{SCRIPT} trace $(cat {HIS_OWN})",
        "grep -qx traced $SAID",
        ("PrivateUsers", "SystemCallFilter"),
        bait=BESIDE_HIM,
        after=BESIDE_ENDS,
    ),
    # --- what goes on when he has gone ---
    Attack(
        "a unit of a manager of his own",
        "export XDG_RUNTIME_DIR=/run/user/$(id -u); systemctl --user show-environment && echo in",
        "grep -qx in $SAID",
        ("ProtectHome", "InaccessiblePaths"),
        bait="systemctl start user@$(id -u app)",
        after="systemctl stop user@$(id -u app) user-runtime-dir@$(id -u app)",
    ),
)
