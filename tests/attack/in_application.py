"""An intruder in the application: runs what he likes as its user, in a web process' sandbox."""

from __future__ import annotations

from .attack import BESIDE_ENDS, LOOT, PLACE, SANDBOX, Attack, beside

SEEN = f"grep -qF {LOOT} $SAID"
ROOT = ("User", SANDBOX)
"""What nobody but root may, whatever he sees."""

PYTHON = "/usr/bin/python3 -Ic"

ATTACKS = (
    # --- what is others' to read ---
    Attack(
        "the environment of somebody else's process",
        "cat /proc/[0-9]*/environ",
        SEEN,
        ROOT,
        bait=beside("sleep 60", f"-E LOOT={LOOT}"),
        after=BESIDE_ENDS,
    ),
    Attack(
        "the command line of somebody else's process",
        "cat /proc/[0-9]*/cmdline",
        SEEN,
        ("ProtectProc",),
        bait=beside(f"sh -c 'sleep 60; : {LOOT}'"),
        after=BESIDE_ENDS,
    ),
    Attack("hashes of passwords", "cat /etc/shadow", "grep -q ^root: $SAID", ("User",)),
    Attack(
        "secrets of the host in /etc",
        "cat /etc/app/*/env /etc/redis/operator",
        "grep -qE 'PASSWORD|DATABASE_URL|AUTH' $SAID",
        ("User", "InaccessiblePaths"),
    ),
    Attack(
        "what others put into /tmp",
        "cat /tmp/attack-bait",
        SEEN,
        ("PrivateTmp",),
        bait=f"umask 022; echo {LOOT} >/tmp/attack-bait",
        after="rm /tmp/attack-bait",
    ),
    Attack(
        "somebody's home",
        "cat /home/attack-bait",
        SEEN,
        ("ProtectHome",),
        bait=f"umask 022; echo {LOOT} >/home/attack-bait",
        after="rm /home/attack-bait",
    ),
    Attack(
        "the journal of all services",
        "journalctl -q --no-pager -o cat -n 2000 -t attack-bait",
        SEEN,
        ROOT,
        bait=f"logger -t attack-bait {LOOT}; journalctl --sync",
    ),
    Attack(
        "memory of another process",
        f"{PYTHON} 'import ctypes; c = ctypes.CDLL(None); print(c.ptrace(0, 0, 0, 0))'",
        "grep -qx 0 $SAID",
        ("SystemCallFilter",),
    ),
    Attack(
        "devices of the machine",
        "ls /dev/attack",
        "grep -qx /dev/attack $SAID",
        ("PrivateDevices",),
        bait="mknod -m 666 /dev/attack c 1 3",
        after="rm /dev/attack",
    ),
    # --- what is others' to write ---
    *(
        Attack(
            f"a file in {folder}",
            f"touch {folder}/attack-planted",
            f"test -e {folder}/attack-planted",
            ROOT,
            after=f"rm -f {folder}/attack-planted",
        )
        for folder in (
            "/run/lock",
            "/run/systemd/system",
            "/etc/cron.d",
            "/etc/profile.d",
            "/usr/local/bin",
            "/srv/app/current",
            "/etc/nginx",
            "/etc/systemd/system",
            "/var/spool/cron/crontabs",
            "/var/lib/readyhost",
            "/root",
        )
    ),
    Attack(
        "a kernel setting",
        "echo 61 >/proc/sys/net/ipv4/tcp_fin_timeout",
        "sysctl -n net.ipv4.tcp_fin_timeout | grep -qx 61",
        ROOT,
        after="sysctl -qw net.ipv4.tcp_fin_timeout=60",
    ),
    Attack(
        "a control group of its own",
        "for g in /sys/fs/cgroup /sys/fs/cgroup/unified; do mkdir $g/attack; done",
        "find /sys/fs/cgroup -maxdepth 2 -name attack | grep -q .",
        ROOT,
        after="rmdir $(find /sys/fs/cgroup -maxdepth 2 -name attack) 2>/dev/null || true",
    ),
    Attack(
        "the host's name",
        "hostname attacked",
        "hostname | grep -qx attacked",
        ROOT,
        bait=f"hostname >{PLACE}/host",
        after=f"hostname $(cat {PLACE}/host)",
    ),
    Attack(
        "the end of somebody else's process",
        f"kill -9 $(cat {PLACE}/pid)",
        f"! kill -0 $(cat {PLACE}/pid)",
        ROOT,
        bait=f"{beside('sleep 60')}; systemctl show -P MainPID attack-bait >{PLACE}/pid",
        after=BESIDE_ENDS,
    ),
    Attack(
        "memory that he shares with other services",
        "echo 1 >/dev/shm/attack-planted",
        "test -e /dev/shm/attack-planted",
        ("TemporaryFileSystem",),
        after="rm -f /dev/shm/attack-planted",
    ),
    Attack(
        "memory that stays when he has gone",
        "ipcmk -M 4711",
        "ipcs -m | grep -qE ' 4711 '",
        ("PrivateIPC",),
        after="ipcs -m | awk '$5 == 4711 {print $2}' | xargs -rn1 ipcrm -m",
    ),
    # --- more rights ---
    Attack(
        "a program with set-user-ID",
        f"{PLACE}/as-root -u",
        "grep -qx 0 $SAID",
        (SANDBOX,),
        bait=f"cp /usr/bin/id {PLACE}/as-root; chmod 4755 {PLACE}/as-root",
    ),
    Attack(
        "a program with set-user-ID for others to run",
        "cp /usr/bin/id /srv/app/uploads/attack; chmod 4755 /srv/app/uploads/attack",
        "test -u /srv/app/uploads/attack",
        ("RestrictSUIDSGID",),
        after="rm -f /srv/app/uploads/attack",
    ),
    Attack(
        "a name space where he is root",
        "unshare -U true && echo in",
        "grep -qx in $SAID",
        ("RestrictNamespaces",),
    ),
    Attack(
        "code that he wrote into memory",
        f"{PYTHON} 'import mmap; mmap.mmap(-1, 4096, prot=7); print(1)'",
        "grep -qx 1 $SAID",
        ("MemoryDenyWriteExecute",),
        only="fastapi",
    ),
    Attack(
        "another personality of the kernel",
        "setarch -R echo in",
        "grep -qx in $SAID",
        ("LockPersonality", "SystemCallFilter"),
    ),
    Attack(
        "a socket of a family that no web server speaks",
        f"{PYTHON} 'import socket; socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM); print(1)'",
        "grep -qx 1 $SAID",
        ("RestrictAddressFamilies",),
    ),
    Attack(
        "packets of his own making",
        f"{PYTHON} 'import socket; socket.socket(socket.AF_PACKET, 3); print(1)'",
        "grep -qx 1 $SAID",
        ROOT,
    ),
    Attack(
        "a unit by way of systemd",
        "systemd-run touch /run/attack-planted",
        "sleep 0.3; test -e /run/attack-planted",
        ROOT,
        after="rm -f /run/attack-planted",
    ),
    Attack(
        "work that goes on by the clock",
        "echo '0 0 1 1 * true' | crontab -",
        "crontab -u app -l",
        (SANDBOX,),
        after="crontab -u app -r 2>/dev/null || true",
    ),
)
