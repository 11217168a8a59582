"""sslyze, in an environment of its own: it needs an older cryptography than everything else."""

from __future__ import annotations

import subprocess
import sys

from vagrant.driver import ROOT

NEEDS = ROOT / "tests" / "support" / "sslyze.txt"
HOME = ROOT / ".cache" / "sslyze"
STAMP = HOME / NEEDS.name


def issues(address: str, name: str, profile: str) -> dict[str, str]:
    """Where port 443 of `address`, asked for `name`, differs from a profile of Mozilla's Server
    Side TLS; by kind. Holes (Heartbleed, ROBOT, renegotiation, …) are among them."""
    _install()
    run = subprocess.run(
        [str(HOME / "bin" / "sslyze"), f"--mozilla_config={profile}", f"--sni={name}",
         f"{address}:443"],
        check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert f'against Mozilla\'s "{profile}" configuration' in run.stdout, run.stdout + run.stderr
    verdict = run.stdout.rpartition("COMPLIANCE AGAINST")[2]
    assert "Compliant" in verdict or "Not compliant" in verdict, verdict
    found = (line.strip()[2:] for line in verdict.splitlines() if line.startswith("        * "))
    return {kind: what for kind, _, what in (line.partition(": ") for line in found)}


def _install() -> None:
    if STAMP.exists() and STAMP.read_text() == NEEDS.read_text():
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(HOME)], check=True)
    subprocess.run(
        [str(HOME / "bin" / "pip"), "install", "--quiet", "--no-deps", "-r", str(NEEDS)],
        check=True, capture_output=True,
    )  # fmt: skip
    STAMP.write_text(NEEDS.read_text())
