"""Who has an account on the host can keep nobody from releasing."""

from __future__ import annotations

import pytest

from .shop import Shop

# Holds each lock that this account can open, or can make before root does, wherever it may write.
HOLD = r"""
import fcntl, os, pathlib, sys, time
held = []
for folder in ("/run/readyhost", "/run/lock", "/run", "/tmp", "/var/tmp", "/dev/shm"):
    for name in sys.argv[1:]:
        try:
            descriptor = os.open(f"{folder}/{name}", os.O_RDWR | os.O_CREAT, 0o666)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        held.append((descriptor, f"{folder}/{name}"))
pathlib.Path("/tmp/held").write_text("".join(f"{path}\n" for _, path in held))
time.sleep(600)
"""


@pytest.mark.timeout(240)
def test_REL_04_an_account_of_the_host_can_hold_no_lock(shop: Shop) -> None:
    shop.ssh("backup files", timeout=100)
    names = shop.ssh("find /run/readyhost -maxdepth 1 -type f -printf '%f '").split()
    assert {"apply.lock", "app-release.lock", "backup-any.lock", "backup-files.lock"} <= set(names)
    names.append("certificate.lock")
    # As after a boot: a lock that is not there yet could be made by whoever comes first.
    for folder in ("/run/readyhost", "/run/lock"):
        shop.ssh(f"cd {folder} && rm -f {' '.join(names)}")
    begun = "systemd-run -q --unit=holder --uid=nobody -p Type=exec"
    shop.ssh(f"cat >/tmp/hold.py; {begun} python3 /tmp/hold.py {' '.join(names)}", stdin=HOLD)
    try:
        shop.ssh("timeout 20 sh -c 'until [ -s /tmp/held ]; do sleep 0.1; done'")
        held = shop.ssh("cat /tmp/held").split()
        assert f"/run/lock/{names[0]}" in held, "it does attack"
        tag = shop.tag()
        shop.deploy(tag)
        assert shop.serves() == tag
        shop.ssh("backup files", timeout=100)
        assert [path for path in held if path.startswith("/run/readyhost/")] == []
    finally:
        shop.ssh("systemctl stop holder; xargs rm -f /tmp/hold.py /tmp/held </tmp/held")
