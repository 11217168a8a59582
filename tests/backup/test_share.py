"""A drill, like every other job, takes no more than its share from the live service."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from vagrant.driver import Box

from .hosts import CPU_PERCENT

# The throw-away server is what a drill works with most: its group's bounds, as the kernel has them.
LOOK = """
file=/var/lib/postgresql/drill/data/postmaster.pid
for try in $(seq 1200); do
  pid=$(head -n 1 $file 2>/dev/null) && [ -d "/proc/$pid" ] && [ -n "$pid" ] && break
  sleep 0.05
done
group=$(sed -n 's/^0:://p' /proc/$pid/cgroup)
cd /sys/fs/cgroup
top=$(echo "$group" | cut -d/ -f2)  # beside all else that the host runs
cat $top/cpu.idle cpu/$top/cpu.idle 2>/dev/null | grep . || echo unknown to this kernel
cat .$group/cpu.max 2>/dev/null || paste cpu$group/cpu.cfs_quota_us cpu$group/cpu.cfs_period_us
cat .$group/memory.max 2>/dev/null || cat memory$group/memory.limit_in_bytes
echo nice $(ps -o ni= -p $pid), disk $(ionice -p $pid)
"""

PERIOD = 10_000  # microseconds, by default

pytestmark = pytest.mark.timeout(600)


def test_BAK_05_a_drill_takes_no_more_than_its_share(host: Box) -> None:
    with ThreadPoolExecutor() as meanwhile:
        seen = meanwhile.submit(host.ssh, LOOK)
        host.ssh("backup drill --from local", timeout=300)
    idle, processor, memory, manners = seen.result().splitlines()
    assert idle in ("1", "unknown to this kernel")
    quota, period = processor.split()
    assert int(quota) / int(period) == CPU_PERCENT / 100
    assert int(period) == PERIOD
    assert int(memory) == 1024 * 2**20
    assert manners == "nice 15, disk idle"
