"""Why a process ended, and what a shell on the host gets of an application's text."""

from __future__ import annotations

import pytest

from roles.app.host.cause import setting, told
from roles.app.host.layout import Layout
from roles.core.host.unit import verbatim


@pytest.mark.parametrize(
    ("entries", "cause"),
    [
        ([], ""),
        ([{"UNIT_RESULT": "oom-kill"}, {"EXIT_CODE": "killed", "EXIT_STATUS": "9"}], "oom-kill"),
        (
            [{"UNIT_RESULT": "signal"}, {"EXIT_CODE": "killed", "EXIT_STATUS": "9"}],
            "killed by SIGKILL",
        ),
        ([{"EXIT_CODE": "exited", "EXIT_STATUS": "3"}], "it ended with exit status 3"),
        ([{"EXIT_CODE": "dumped", "EXIT_STATUS": "11"}], "killed by SIGSEGV"),
        ([{"EXIT_CODE": "killed", "EXIT_STATUS": "99"}], "killed by signal 99"),
    ],
)
def test_REL_07_how_a_process_ended(entries: list[dict[str, str]], cause: str) -> None:
    assert told(entries) == cause


def test_REL_07_the_setting_of_a_units_ceiling() -> None:
    layout = Layout("shop")
    assert setting(layout, "blue", "shop-web-blue@2.service") == "app.web"
    assert setting(layout, "blue", "shop-release-blue.service") == "app.web"
    assert setting(layout, "blue", "shop-send-mail-blue@1.service") == "app.workers.send-mail"


def test_systemd_leaves_a_commands_dollars_alone() -> None:
    assert verbatim('echo "${REASON}" $$ $X') == 'echo "$${REASON}" $$$$ $$X'
