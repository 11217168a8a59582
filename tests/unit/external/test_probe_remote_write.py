"""A real Prometheus behind TLS and a password is tried as a host tries it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from roles.external.probes.remote_write import TRIED, packed, part
from roles.monitoring import Monitoring
from roles.monitoring.sending import Sent, wish
from tests.support.prometheus import prometheus
from tests.support.provider import certificates

from .test_probe import ask

WORD = "a-word-of-the-teams"
# bcrypt of that
HASHED = "$2b$04$aaaaaaaaaaaaaaaaaaaaaOHZgNr9xBK9eFghwZjgXwDa/Ci3yTvrK"


@dataclass
class Receiver:
    port: int
    folder: Path

    def wish(
        self, path: str = "/api/v1/write", ca: str = "ca.pem", **values: Any
    ) -> dict[str, Any]:
        url = f"https://localhost:{self.port}{path}"
        login = {"user": "shop", "password": WORD, **values}
        made = Monitoring.model_validate({"mode": "local", "remote_write": {"url": url, **login}})
        wanted = wish(Sent(made.remote_write, "production"))
        return {**wanted, "authorities": (self.folder / ca).read_text()}


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    folder = tmp_path_factory.mktemp("receiver")
    certificates(folder, "localhost")
    web = f"basic_auth_users: {{shop: {HASHED}}}"
    with prometheus(folder, web, "--web.enable-remote-write-receiver") as port:
        yield Receiver(port, folder)


def test_MON_09_one_value_is_taken(receiver: Receiver) -> None:
    (found,) = ask([receiver.wish()])
    assert (found.error, found.said) == ("", f"localhost has taken one value, {TRIED}")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"password": "another"}, "it refuses user and password (401 Unauthorized"),
        ({"user": None, "password": None}, "it wants to know who comes (401"),
        ({"user": None, "password": None, "token": "a-token"}, "it refuses the token (401"),
        ({"path": "/api/v1/query"}, "it takes no value of remote write at that url (4"),
        ({"ca": "wrong.pem"}, "its certificate is refused"),
    ],
)
def test_MON_09_what_is_wrong_is_said(
    receiver: Receiver, values: dict[str, Any], words: str
) -> None:
    (found,) = ask([receiver.wish(**values)])
    assert words in found.error, found
    assert found.key == "monitoring.remote_write"


def test_MON_09_a_server_that_is_away_is_said(receiver: Receiver) -> None:
    away = {**receiver.wish(), "url": "https://localhost:1/api/v1/write"}
    assert ask([away])[0].error == "nothing answers there"


def test_MON_09_a_secret_of_one_letter_is_hidden_and_breaks_nothing(receiver: Receiver) -> None:
    (found,) = ask([receiver.wish(password="e")])
    assert "r…fus…s us…r and password" in found.error
    assert found.key == "monitoring.remote_write"


def test_MON_09_a_long_value_travels_whole() -> None:
    text = bytes(range(256)) * 3
    whole = packed(part(1, text))
    assert whole.startswith(b"\x83\x06")  # 771 bytes
    assert len(whole) > len(text)
