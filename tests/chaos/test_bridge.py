"""The bridge of the boxes: two that need it at the same moment, on a machine that has none yet."""

from __future__ import annotations

import os
import subprocess

from vagrant.driver import ROOT

# In namespaces of its own: the bridge that other tests are on is not touched.
APART = """
set -eu
mount --make-rprivate / && mount -t proc proc /proc && mount -t sysfs sysfs /sys
mkdir -p /run/lxc && mount -t tmpfs tmpfs /run/lxc && mount -t tmpfs tmpfs /var/lib/misc
# the lock is a folder's, and others hold it while they build and boot
mount -t tmpfs tmpfs /usr/share/lxc
ip link set lo up
need_it() {
    bash -euo pipefail -c 'here=$1/vagrant root=$1 state=$1/.vagrant cache=$1/.cache mark=test sudo=
        . "$here/provider/lxc" && bridge' bridge "$1"
}
need_it "$1" & one=$!
need_it "$1" & two=$!
wait "$one" && wait "$two"
pgrep -F /run/lxc/dnsmasq.pid dnsmasq >/dev/null
ip -4 -br address show lxcbr0
"""


def test_two_that_start_it_at_once_share_one() -> None:
    command = ["unshare", "-n", "-m", "-p", "--fork", "--kill-child", "sh", "-c", APART, "apart"]
    result = subprocess.run(
        [*([] if os.geteuid() == 0 else ["sudo", "-n"]), *command, str(ROOT)],
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "10.0.3.1/24" in result.stdout
