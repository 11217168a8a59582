"""What may be said to the program, and how it is understood."""

from __future__ import annotations

import argparse


def parser() -> argparse.ArgumentParser:
    """What may be said."""
    root = argparse.ArgumentParser(prog="backup", description="Backups, and the way back.")
    root.add_argument("--scheduled", action="store_true", help="start a random while later")
    commands = root.add_subparsers(dest="command", required=True)
    made = commands.add_parser("database", help="back up the database")
    made.add_argument("kind", choices=("full", "diff"), nargs="?", default="diff")
    commands.add_parser("files", help="back up the uploads and other files")
    commands.add_parser("dump", help="dump each database")
    tried = commands.add_parser("drill", help="restore beside the live service, and compare")
    tried.add_argument("--from", dest="repository", help="local, offsite, or mirror")
    commands.add_parser("list", help="what there is, and what can be restored")
    copied = commands.add_parser("mirror", help="make the mirror what the local copy is")
    copied.add_argument("--follow", action="store_true", help="for a minute: what is new, at once")
    commands.add_parser("watch", help="say what should have happened and has not")
    named = commands.add_parser("point", help="make a restore point of this name")
    named.add_argument("name")
    back = commands.add_parser("restore", help="restore data as of a time")
    back.add_argument("what", choices=("database", "dump", "files", "redis", "all", "upgrade"))
    back.add_argument("--to", default="latest", help="latest, a time (UTC), or a restore point")
    back.add_argument("--from", dest="repository", help="local (if not said), offsite, mirror")
    back.add_argument("--database", help="of a dump: which one")
    back.add_argument("--table", default="", help="of a dump: the rows of this table only")
    back.add_argument("--path", action="append", default=[], help="of files: these only")
    back.add_argument("--plan", action="store_true", help="only say what would be overwritten")
    back.add_argument("--yes", action="store_true", help="do not ask")
    commands.add_parser("discard", help="remove the data that restores put aside")
    prepared = commands.add_parser("stanza", help="make the repositories ready")
    prepared.add_argument("--check", action="store_true", help="only tell whether they are")
    prepared.add_argument(
        "--reinitialise", action="store_true", help="also one that was there and is gone"
    )
    return root
