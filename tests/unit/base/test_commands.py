"""Shell that base composes: every value is quoted, every test a test."""

import subprocess
from pathlib import Path

import pytest

from roles.base import Base, accounts, swap
from roles.base.packages import SCRIPT, install, installed


def test_the_transaction_names_each_package_once_and_in_order() -> None:
    command = install(Base(), ["redis-server", "nginx", "nginx"], ["nginx", "redis-server"])
    assert command == "sh -s -- 600 C.UTF-8 'nginx redis-server' nginx redis-server"


def test_the_check_counts_each_package_once() -> None:
    assert installed(["b", "a", "b"]).endswith("a b 2>/dev/null | grep -c '^.i' | grep -qx 2")


def test_who_left_is_closed_and_who_stays_is_not() -> None:
    commands = accounts.commands(Base(admins={"alice": ("ssh-ed25519 " + "A" * 68,)}))
    assert "case $name in alice) ;; *) gpasswd --delete $name" in commands[-1]


def test_without_administrators_everybody_of_ours_is_closed() -> None:
    assert "case $name in '') ;; *)" in accounts.commands(Base())[-1]


@pytest.mark.parametrize(
    "script",
    [
        SCRIPT.read_text(),
        installed(["a"]),
        accounts.as_wanted(Base()),
        "\n".join(accounts.commands(Base())),
        swap.as_wanted(1024),
        swap.as_wanted(0),
        "\n".join(swap.commands(1024)),
    ],
)
def test_a_shell_can_read_it(script: str) -> None:
    subprocess.run(["sh", "-n"], input=script, text=True, check=True)


@pytest.mark.parametrize(
    ("size", "swaps", "wanted"),
    [
        (1024, "/dev/vda2 partition 1048572 0 -2", True),
        (1024, "/dev/vda2 partition 524284 0 -2", False),
        (1024, "", False),
        (0, "", True),
    ],
)
def test_swap_that_is_there_already_counts(
    tmp_path: Path, size: int, swaps: str, wanted: bool
) -> None:
    (tmp_path / "swaps").write_text(f"Filename Type Size Used Priority\n{swaps}\n")
    test = swap.as_wanted(size).replace("/proc/swaps", str(tmp_path / "swaps"))
    test = test.replace("/swapfile", str(tmp_path / "swapfile"))
    assert (subprocess.run(["sh", "-c", test], check=False).returncode == 0) == wanted
