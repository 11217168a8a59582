"""The owner of a storage on a machine of his, with rclone, as docs/intrusion.md has it."""

from __future__ import annotations

import os
import subprocess

from .runbook import blocks
from .storage import ADDRESS, Storage

PAGE = ("intrusion.md", "The steps")


def operate(storage: Storage, script: str) -> None:
    """Run a script with the owner's key."""
    said = {
        "https://s3.eu-central-1.wasabisys.com": f"https://{ADDRESS}:{storage.port}",
        "eu-central-1": "us-east-1",
    }
    (remotes,) = blocks(*PAGE, "ini", said)
    (storage.folder / "rclone.conf").write_text(remotes)
    variables = {name: value for name, value in os.environ.items() if name[:4] != "AWS_"} | {
        "RCLONE_CONFIG": str(storage.folder / "rclone.conf"),
        "RCLONE_CA_CERT": str(storage.folder / "ca.pem"),
        "AWS_ACCESS_KEY_ID": storage.owner.name,
        "AWS_SECRET_ACCESS_KEY": storage.owner.secret,
    }
    subprocess.run(["sh", "-ec", script], env=variables, check=True, timeout=300)
