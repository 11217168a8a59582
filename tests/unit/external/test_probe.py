"""Services elsewhere, tried as a host tries them: by a program that comes by standard input."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from roles.core.errors import OperatorError
from roles.external import probe
from tests.support.mongo import Stand
from tests.support.provider import certificates

PASSWORD = "a/password:of-the-team"
ENCODED = "a%2Fpassword%3Aof-the-team"
NOT_NOBODY = probe.COMMAND.replace(f"{probe.NOBODY} ", "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("mongo")
    certificates(place / "tls", "localhost")
    return place / "tls"


@pytest.fixture(scope="module")
def mongo(folder: Path) -> Iterator[Stand]:
    with Stand("127.0.0.1", folder, PASSWORD) as server:
        yield server
        server.shutdown()


def wish(server: Stand, authority: Path, password: str = ENCODED) -> dict[str, Any]:
    uri = f"mongodb://team:{password}@localhost:{server.port}/?tls=true"
    uri += "&authMechanism=SCRAM-SHA-256&directConnection=true"
    return {
        "kind": "mongodb",
        "uri": uri,
        "authorities": authority.read_text(),
        "key_of": "app.mongodb.uri",
        "hidden": [uri],
    }


def ask(wanted: list[dict[str, Any]]) -> list[probe.Answer]:
    done = subprocess.run(
        ["sh", "-c", NOT_NOBODY], input=probe.standard_input(wanted), text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    return probe.read(done.stdout.splitlines() or done.stderr.splitlines(), wanted)


def test_DB_11_mongodb_answers_a_login(mongo: Stand, folder: Path) -> None:
    (found,) = ask([wish(mongo, folder / "ca.pem")])
    assert (found.error, found.said) == ("", "MongoDB 7.0.14")


def test_DB_11_mongodb_refuses_a_password(mongo: Stand, folder: Path) -> None:
    (found,) = ask([wish(mongo, folder / "ca.pem", "wrong-password")])
    assert found.error == "Authentication failed."
    with pytest.raises(
        OperatorError, match=r"app.mongodb.uri: Authentication failed.. Nothing has"
    ):
        probe.require([found])


def test_DB_11_a_certificate_of_another_authority_is_refused(mongo: Stand, folder: Path) -> None:
    (found,) = ask([wish(mongo, folder / "wrong.pem")])
    assert "certificate verify failed" in found.error
    assert ENCODED not in found.error


def test_DB_11_what_was_not_tried_is_no_success() -> None:
    with pytest.raises(OperatorError, match="only 0 of 1 services"):
        probe.read(["Killed"], [{"kind": "redis"}])
    with pytest.raises(OperatorError, match="no python3"):
        probe.read(["no python3"], [{"kind": "redis"}])


def test_DB_11_no_secret_is_in_the_command(mongo: Stand, folder: Path) -> None:
    assert ENCODED not in probe.COMMAND
    assert len(probe.COMMAND) < 1000
