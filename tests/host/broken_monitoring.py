"""What takes a line of the monitoring's or of its alerts' away, and no other. Prometheus reads
every five seconds there."""

from __future__ import annotations

from roles.alerts.files import BEAT, RULES

from .breaking import Broken, served

READ = "sleep 12"  # twice, and a rule has been looked at
RELOAD = "systemctl reload prometheus; sleep 2"


def forgotten(group: str, following: str) -> Broken:
    """Prometheus runs without a group of its rules, and the file has them."""
    copy = f"/root/broken-rules-{group.rsplit(maxsplit=1)[-1].lower()}"
    cut = f"/^  - name: {group}$/,/^  - name: {following}$/{{/^  - name: {following}$/!d}}"
    return Broken(
        f"cp -p {RULES} {copy} && sed -i '{cut}' {RULES} && {RELOAD}; mv {copy} {RULES}", RELOAD
    )


PROBED = r"/^    ssl_certificate_key/i \    if ($http_user_agent = readyhost-probe) { return 503; }"
MONITORING = {
    "MON-01": Broken(f"systemctl stop mtail; {READ}", f"systemctl start mtail; {READ}"),
    "MON-02": forgotten("Host", "Data"),
    "MON-03": forgotten("The monitoring itself", "Heartbeat"),
    "MON-04": served(PROBED),
    "MON-06": Broken(f"systemctl stop {BEAT}.timer", f"systemctl start {BEAT}.timer"),
}
