"""The command line: what an operator says on the host, and what the toolkit says from outside."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace

from roles.core.host.errors import HostError, require_root
from roles.core.host.shown import plain_terminals

from .entry import FAILED, HERE, go_on_alone, main, who
from .layout import Layout

__all__ = ["main", "run"]  # programs of versions before 0.2 look for `main` here


def run(name: str, arguments: list[str]) -> int:
    """Run one command for `name`. Exit status: 0, or 1 with the reason on stderr."""
    plain_terminals()
    options = _parser(name).parse_args([a for a in arguments if a != HERE])
    layout = Layout(name)
    try:
        if options.command in ("list", "status") or getattr(options, "plan", False):
            print(_ask(layout, options))
            return 0
        require_root()
        if options.command == "watchdog":
            from . import watchdog

            watchdog.mind(layout, options.seconds, lambda text: print(text, flush=True))
        if options.command == "verify":
            return _verify(layout)
        if options.command == "cool":
            from . import warm

            warm.cool(layout)
            return 0
        if HERE not in arguments:
            if getattr(options, "archive", False):
                from . import archives

                archives.receive(layout, options.commit, sys.stdin.buffer)
            go_on_alone(name, arguments, _aside(options), waits=options.command != "build")
        _act(layout, options)
    except HostError as error:
        print(error, file=sys.stderr)
        return FAILED
    return 0


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"{name}-release", description=f"Releases of {name}.")
    commands = parser.add_subparsers(dest="command", required=True)

    listed = commands.add_parser("list", help="the releases on this host")
    listed.add_argument("--json", action="store_true")
    status = commands.add_parser("status", help="what is live, and whether it is as it should be")
    deployed = commands.add_parser("deploy", help="make live what the toolkit has defined")
    ahead = commands.add_parser("build", help="build it, which nobody waits for")
    for part in (status, deployed, ahead):
        part.add_argument("--tag", required=part is not status)
        part.add_argument("--commit", default="")
        part.add_argument("--identity", default="")
    status.add_argument("--made", default="", help="what it is built from")
    for part in (deployed, ahead):
        part.add_argument("--archive", action="store_true", help="files come by standard input")
    activated = commands.add_parser("activate", help="make a release live that is built")
    activated.add_argument("tag")
    back = commands.add_parser("rollback", help="make the release before live again")
    back.add_argument("tag", nargs="?")
    back.add_argument("--plan", action="store_true", help="say which one, and do nothing")
    commands.add_parser("verify", help="compare what is built with what was built")
    commands.add_parser("cool", help="stop the release that stayed warm; its timer says so")
    minded = commands.add_parser("watchdog", help="look after live processes, for ever")
    minded.add_argument("seconds", type=float)
    deployed.add_argument("--rollback", action="store_true", help="it is an earlier release")
    for part in (deployed, ahead, activated, back):
        part.add_argument("--by", default=who(), help="who does it, for the record")
    return parser


def _ask(layout: Layout, options: argparse.Namespace) -> str:
    # Here and not above, as below: each run asks for the status, and who hands on to a unit has
    # users wait until all is read.
    if options.command == "list":
        from . import listing

        rows = listing.releases(layout)
        return listing.as_json(rows) if options.json else listing.table(rows)
    if options.command == "rollback":
        from . import rollback

        return json.dumps(asdict(rollback.target(layout, options.tag, look=True)))
    from . import built, lost, slots, state

    live = slots.started(layout, slots.live(layout))
    tag = options.tag or (live.tag if live else "")
    commit = options.commit or (live.commit if live else "")
    identity = options.identity or (live.identity if live else "")
    made = json.loads(options.made) if options.made else {}
    if live and not made:
        made = built.inputs(live.build, live.hooks)
    found = state.read(layout, tag, commit, made)
    if found.built and found.due(identity) == "activate":
        from . import verify

        build = built.find(layout, tag, commit, built.identity_of(made))
        if build and verify.look(layout, tag, build):
            again = built.again(layout, tag, commit, made)
            found = replace(found, built=False, again=again)
    said = {**found.as_json(identity, tag), "lost": lost.words(layout, tag, identity)}
    return json.dumps(said)


def _verify(layout: Layout) -> int:
    from . import verify

    wrong, what = verify.everything(layout)
    print("".join(f"{line}\n" for line in wrong), end="", file=sys.stderr)
    if not wrong:
        print(f"{what} are as they were built")
    return FAILED if wrong else 0


def _act(layout: Layout, options: argparse.Namespace) -> None:
    # Here and not above: who only asks, or hands on to a unit, need not wait until it is read.
    from . import deploy

    if _prepares(options):
        from . import cpu_weight

        cpu_weight.release()
    if options.command in ("deploy", "build"):
        wish = (options.tag, options.commit, options.identity)
        if options.command == "build":
            _build_ahead(layout, wish, options.by)
        else:
            deploy.release(layout, *wish, options.by, is_rollback=options.rollback)
    else:
        # A run has asked for the plan before it has one activated.
        deploy.activate(layout, options.tag, options.by, look=options.command == "rollback")


def _build_ahead(layout: Layout, wish: tuple[str, str, str], who: str) -> None:
    """What it says is in the journal: of a failure no more than what failed, for the rest is what
    the build's own programs have said, and in its log."""
    from . import ahead, deploy

    try:
        ahead.build(layout, wish, who, deploy.say)
    except HostError as error:
        raise HostError(deploy.first_line(error)) from None


def _prepares(options: argparse.Namespace) -> bool:
    """Whether it takes what users leave of the CPU until its switch: a way back is in a hurry."""
    return options.command == "build" or (options.command == "deploy" and not options.rollback)


def _aside(options: argparse.Namespace) -> list[str]:
    """Options of systemd-run for what is not in a hurry."""
    if not _prepares(options):
        return []
    from . import cpu_weight

    cpu_weight.release_equal()  # whatever one that was killed has left
    return [f"--slice={cpu_weight.RELEASES}"]
