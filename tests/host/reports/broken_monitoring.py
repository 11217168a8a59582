"""What takes a line of the monitoring's or of its alerts' away, and no other. Prometheus reads
every five seconds there."""

from __future__ import annotations

from roles.alerts.files import BEAT, RULES
from roles.monitoring.names import CONFIGURATION

from .breaking import Broken, served

RELOAD = "systemctl reload prometheus"
READ = "sleep 12"  # twice, and a rule has been looked at


def unlike(name: str, file: str, script: str) -> Broken:
    """Prometheus runs with a file that sed has changed, and the file is as it was."""
    copy = f"/root/broken-{name}"
    return Broken(
        f"cp -p {file} {copy} && sed -i '{script}' {file} && {RELOAD} && {READ}; mv {copy} {file}",
        f"{RELOAD} && {READ}",
    )


def forgotten(name: str, group: str, following: str) -> Broken:
    """Without a group of its rules."""
    end = f"/^  - name: {following}$/"
    return unlike(name, RULES, f"/^  - name: {group}$/,{end}{{{end}!d}}")


PROBED = r"/^    ssl_certificate_key/i \    if ($http_user_agent = readyhost-probe) { return 503; }"
MONITORING = {
    "MON-01": unlike("targets", CONFIGURATION, "s/127.0.0.1:3903/127.0.0.1:3999/"),
    "MON-02": forgotten("host", "Host", "Data"),
    "MON-03": forgotten("itself", "The monitoring itself", "Heartbeat"),
    "MON-04": served(PROBED),
    "MON-06": Broken(f"systemctl stop {BEAT}.timer", f"systemctl start {BEAT}.timer"),
}
