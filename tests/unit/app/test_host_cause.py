"""Why a process ended, and what a shell on the host gets of an application's text."""

from __future__ import annotations

import pytest

from roles.app.host.cause import failed, setting, told
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


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ("it ended with exit status 3", 3, "exit status 3"),
        ("", 1, "exit status 1"),
        ("killed by SIGBUS", 255, "killed by SIGBUS"),
        # A shell ends by itself when its program is killed.
        (
            "it ended with exit status 139",
            139,
            "exit status 139, as of a process killed by SIGSEGV",
        ),
        ("", 250, "exit status 250"),
        ("killed by SIGKILL", 255, "killed by SIGKILL, as the kernel does when it is"),
        ("it ended with exit status 137", 137, "killed by SIGKILL, as the kernel does when"),
        ("oom-kill", 255, "out of memory: the kernel killed it. A build has the memory that"),
    ],
)
def test_REL_07_a_killed_build_step_names_its_signal(said: str, status: int, words: str) -> None:
    assert words in failed(said, status)
    assert ("base.swap_mb" in failed(said, status)) == ("memory" in words or "SIGKILL" in words)
