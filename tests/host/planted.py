"""What a unit's own confinement lets somebody write who has taken its program over."""

from __future__ import annotations

from .conftest import Host

UNIT = "/run/systemd/system/readyhost-planted.service"


def planted(box: Host, unit: str, folder: str) -> str:
    """What touch says of a file in `folder`, in the place of the unit's program; empty when it was
    written, and taken away again."""
    file = f"{folder}/readyhost-planted"
    other = f"/^(Restart|Type)/d; s|^ExecStart=.*|Type=oneshot\\nExecStart=/bin/touch {file}|"
    box.ssh(f"systemctl cat {unit} | sed -E '{other}' >{UNIT} && systemctl daemon-reload")
    try:
        box.run("systemctl start readyhost-planted; journalctl --sync")
        if not box.run(f"rm {file}").returncode:
            return ""
        return box.ssh("journalctl -u readyhost-planted -t touch -o cat -n 1")
    finally:
        box.ssh(f"rm {UNIT}; systemctl reset-failed -q readyhost-planted; systemctl daemon-reload")
