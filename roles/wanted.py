"""The plan of a host, which is asked what it is first: for whoever carries it out, or compares."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pyinfra.api.host import Host

from roles import app, monitoring
from roles.applications import in_keys_of
from roles.core import clocks, machine
from roles.core.errors import in_words_of
from roles.core.execute import ask, hand
from roles.core.meanwhile import in_turn
from roles.core.plan import Plan
from roles.external import probe
from roles.monitoring import sending
from roles.plan import asked, plan
from roles.rules import check_host
from roles.rules.external import needed

if TYPE_CHECKING:
    from settings import Settings


_one_at_a_time = in_turn()
"""Hosts prepare side by side: the first to come looks up the release, the others wait for it."""


def releases(settings: Settings) -> dict[str, app.Release]:
    """The release of each application that the settings ask for, looked up once for all hosts.

    Raises OperatorError for a repository, tag or folder that is not there.
    """
    found = {}
    for view in settings.applications:
        with in_keys_of(view.app.name if settings.apps else ""), _one_at_a_time:
            found[view.app.name] = app.release(view.app)
    return found


def wanted(on: Host, settings: Settings, *, note: bool = True) -> Plan:
    """What `on` becomes. Without `note`, for who only looks, the host is asked for nothing that it
    remembers.

    Raises OperatorError, having changed nothing, for what cannot be on this host.
    """
    tags = {view.app.name: view.app.tag or "" for view in settings.applications}
    if not all(tags.values()):  # the newest one, whichever that is
        tags = {name: release.tag for name, release in releases(settings).items()}
    question = machine.question((*asked(settings, tags, note=note), clocks.ASK))
    before = time.time()
    said = ask(on, question, "the machine")
    after = time.time()
    found = releases(settings)
    with in_words_of(on.name):
        this = machine.parse(said)
        check_host(settings, this, found)
        missing = _try(on, settings)
        made = plan(settings, this, found, on.data.ssh_user)
    apart = clocks.apart(this, before, after)
    return clocks.warned(made.warned(missing), apart, settings.base.clocks_apart_seconds)


def _try(on: Host, settings: Settings) -> list[str]:
    """Services elsewhere are tried from the host, if there are any. What each run says at its end
    of what they lack."""
    wishes = probe.wishes(settings, {v.app.name: needed(v) for v in settings.applications})
    sent = monitoring.sent(settings.monitoring, settings.environment)
    if sent:
        wishes.append(sending.wish(sent))
    if not wishes:
        return []
    found = probe.read(hand(on, probe.COMMAND, probe.standard_input(wishes)), wishes)
    kept = [each for each in found if sent and each.key == sending.OF and each.error]
    if kept and sent and hand(on, sending.SAME, sending.digest(sent)) != ["same"]:
        kept = []
    probe.require([each for each in found if each not in kept])
    for each in found:
        on.log(f"  {each.key}: {each.said or each.error}")
    # What the host has by now goes on, and a release waits for nobody who keeps numbers.
    late = [f"{each.key}: {each.error}. Nothing of it has changed" for each in kept]
    return [*late, *(words for each in found for words in each.warnings)]
