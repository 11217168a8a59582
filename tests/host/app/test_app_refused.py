"""Settings and tags that cannot work: users never notice, and the next good run needs no help."""

from __future__ import annotations

import pytest

from tests.host.application import live, pid, traffic, units
from tests.host.conftest import Host
from tests.host.stages import once_at_all
from vagrant.running import changes

pytestmark = once_at_all


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"READYHOST_APP__WEB__COMMAND": "false"}, "web processes are not healthy"),
        ({"READYHOST_APP__WORKERS": '{"bad": {"command": "false"}}'}, "ended at once"),
        ({"READYHOST_APP__TAG": "v9.9.9"}, "has no tag 'v9.9.9'; its latest are"),
        (
            {"READYHOST_APP__JOBS": '{"x": {"schedule": "soon", "command": "x"}}'},
            "SCHEDULE: is not a calendar",
        ),
    ],
)
def test_what_cannot_work_changes_nothing_for_users(
    box: Host, values: dict[str, str], reason: str
) -> None:
    before = live(box), {unit: pid(box, unit) for unit in units(box, "web")}
    with traffic(box, "/version", clients=2) as seen:
        run = box.pyinfra("-y", check=False, values=values)
    assert run.returncode != 0
    assert reason in run.stdout
    assert "Traceback" not in run.stdout
    assert seen.failures == []
    assert (live(box), {unit: pid(box, unit) for unit in units(box, "web")}) == before
    box.converge()
    assert (live(box), {unit: pid(box, unit) for unit in units(box, "web")}) == before


def test_after_all_of_it_the_application_is_as_it_was(box: Host) -> None:
    assert not [name for name in changes(box.converge().stdout) if name.startswith("App")]
