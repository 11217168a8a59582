"""The release before, or a named one, live again; nothing else on the hosts is touched.

    pyinfra inventories/prod.py rollback.py
    pyinfra inventories/prod.py rollback.py --data tag=v1.4.1
    pyinfra inventories/prod.py rollback.py --data application=shop    # of several

A release that is still built is switched to as it was; one that was pruned is built again, and one
that was live before a password changed gets the present one.
"""

from pyinfra import host, inventory

from roles import app
from roles.applications import chosen
from roles.core import machine
from roles.core.begin import begin
from roles.core.errors import in_words_of
from roles.core.execute import ask, execute
from roles.core.plan import Plan
from roles.plan import application, asked
from roles.rules.rotation import require_no_change, rotation

settings = host.data.settings
begin(host, "rollback.py", settings)
view = chosen(settings)
names = ("tag", "app.tag", f"{view.app.name}.tag", f"apps.{view.app.name}.tag")
is_named = any(host.data.get(name) is not None for name in names)
question = app.target(view.app.name, view.app.tag if is_named else None)
hosts = inventory.get_active_hosts()
goal = app.earlier({other.name: ask(other, question) for other in hosts}, host.name)
if goal.ready:
    part = app.activate(view.app, goal, view.domain)
else:
    for line in goal.words:
        host.log(line)
    tags = {each.app.name: each.app.tag or "" for each in settings.applications}
    tags[view.app.name] = goal.tag
    said = ask(host, machine.question(asked(settings, tags)), "the machine")
    changed = view.app.model_copy(update={"tag": goal.tag})
    with in_words_of(host.name):
        this = machine.parse(said)
        change = rotation(view, this)
        require_no_change(change)
        release = app.release(changed)
        earlier = view.model_copy(update={"app": changed})
        placed = app.Placed(changed, this, release)
        part = application(earlier, placed, change.login, is_rollback=True)
execute(host, Plan((part,)))
