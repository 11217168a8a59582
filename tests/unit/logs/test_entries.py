"""Where lines go and how long they stay."""

import pytest

from roles.core.entries import Directory, File
from roles.core.machine import Machine
from roles.logs import Logs
from roles.logs.files import entries


def files(suite: str = "jammy", app: str = "shop", **values: object) -> dict[str, str]:
    found = entries(Logs.model_validate(values), Machine.example(suite), (app,))
    return {entry.path: entry.data.decode() for entry in found if isinstance(entry, File)}


@pytest.mark.parametrize(("suite", "writer"), [("jammy", "syslog"), ("bookworm", "root")])
def test_files_belong_to_whom_the_distribution_lets_write_them(suite: str, writer: str) -> None:
    found = entries(Logs(), Machine.example(suite), ("shop",))
    folders = [entry for entry in found if isinstance(entry, Directory)]
    assert Directory("/var/log/shop", 0o750, writer, "adm") in folders
    # Who is not root there shares the folder above.
    sticky = Directory("/var/log", 0o1775, "root", "syslog")
    assert (sticky in folders) == (f"su {writer} adm" in files(suite)["/etc/logrotate.d/shop"])
    assert (sticky in folders) == (writer == "syslog")
    assert f"create 0640 {writer} adm" in files(suite)["/etc/logrotate.d/shop"]
    assert ("$PrivDropToUser syslog" in files(suite)["/etc/rsyslog.conf"]) == (writer == "syslog")


def test_the_name_of_a_file_is_what_follows_the_applications() -> None:
    rule = files(app="my-shop")["/etc/rsyslog.d/10-my-shop.conf"]
    assert 'string="/var/log/my-shop/%programname:9:$%.log"' in rule
    assert 're_match($programname, "^my-shop-[a-z0-9_-]+\\$")' in rule
    assert "my-shop-web"[9 - 1 :] == "web"  # rsyslog counts from one


def test_bounds_are_the_settings() -> None:
    found = files(keep=3, days=9, rotate_mb=7, journal_mb=512, message_kb=128)
    for name in ("shop", "nginx", "rsyslog"):
        rotation = found[f"/etc/logrotate.d/{name}"]
        for line in ("maxsize 7M", "rotate 3", "maxage 9", "compress", "delaycompress"):
            assert f"\t{line}\n" in rotation
    assert "SystemMaxUse=512M" in found["/etc/systemd/journald.conf.d/readyhost.conf"]
    assert 'maxMessageSize="128k"' in found["/etc/rsyslog.conf"]
