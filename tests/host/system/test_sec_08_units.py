"""Within the units of ssh, cron, rsyslog and fail2ban all work goes on: here an administrator's;
bans and logs in test_bans and test_logs. What an intruder there is refused is in tests/attack."""

from __future__ import annotations

from tests.host.conftest import Host
from tests.host.stages import once

pytestmark = once

# What deploys, backups, packages and people need, each a thing that a stricter unit would refuse:
# set-user-ID, mounts, modules and kernel settings, devices, name spaces, other users, real disks.
WORK = r"""
set -e
grep -q '^Seccomp:.2' /proc/self/status
runuser -u vagrant -- sudo -n true
cd "$(mktemp -d)"; chmod 755 .; cp /usr/bin/id own; chmod 4755 own
test "$(runuser -u nobody -- ./own -u)" = 0
unshare --mount sh -c 'mount -t tmpfs none /mnt && touch /mnt/x'
mount -t tmpfs none /mnt; nsenter -t 1 -m mountpoint -q /mnt; umount /mnt
sysctl -q -w net.ipv4.tcp_fin_timeout="$(sysctl -n net.ipv4.tcp_fin_timeout)"
mknod null c 1 3; chown nobody null
hostname "$(hostname)"
python3 -c 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)'
python3 -c 'import mmap; mmap.mmap(-1, 4096, prot=7)'
systemd-run -q --wait true
apt-get -y -qq --reinstall install passwd >/dev/null 2>&1
test -u /usr/bin/passwd
backup list >/dev/null
"""
CRON = "/etc/cron.d/readyhost-test"


def test_SEC_08_an_administrators_work_goes_on_by_ssh_and_by_cron(box: Host) -> None:
    box.disconnect()  # a session that began before the unit was confined
    box.ssh(WORK)
    # cron starts what is to run at a boot when it has seen none.
    box.ssh(
        f"cat >/run/work; rm -f /run/worked; echo '@reboot root sh -x /run/work >/run/said 2>&1 &&"
        f" touch /run/worked' >{CRON}; rm -f /run/crond.reboot; systemctl restart cron",
        stdin=WORK,
    )
    try:
        box.run("for i in $(seq 300); do test -e /run/worked && break; sleep 0.1; done")
        assert box.run("test -e /run/worked").returncode == 0, box.ssh("tail -n 5 /run/said")
    finally:
        box.ssh(f"rm -f {CRON} /run/work /run/worked /run/said; systemctl restart cron")


def test_SEC_08_what_ssh_starts_gets_less_of_the_kernel(box: Host) -> None:
    call = "setarch -R true"
    assert box.run(f"systemd-run -q --wait {call}").returncode == 0, "nobody may do that here"
    assert "Operation not permitted" in box.run(call).stderr
