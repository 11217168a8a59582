"""What runs on the host: backups, their watch, restores and drills. Python's own library only."""
