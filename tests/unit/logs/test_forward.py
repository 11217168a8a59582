"""What sending lines elsewhere makes of a host, and what it leaves as it is."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from pydantic import SecretStr, ValidationError

from roles.core.entries import Entry, File
from roles.core.errors import OperatorError
from roles.core.peer import Peer
from roles.core.peer_files import read
from roles.core.step import Part
from roles.logs import Logs, forward
from roles.logs.server import Forward
from tests.unit.environments import LARGE, SECRETS, STANDARD, plan_of

HOST = {"host": "logs.example.com"}
WORDS = (SecretStr("a\\x22b"),)


def entries(peer: Peer | None = None, writer: str = "syslog", **values: object) -> list[Entry]:
    settings = Logs.model_validate({"forward": {**HOST, **values}})
    return forward.entries(settings, ("shop",), WORDS, peer or Peer(), writer)


def text(path: str, **values: object) -> str:
    return next(e.data.decode() for e in entries(**values) if e.path == path)  # type: ignore[arg-type, union-attr]


def part(environment: object) -> Part:
    return next(part for part in plan_of(environment).parts if part.role == "logs")  # type: ignore[arg-type]


def test_without_a_host_nothing_is_there() -> None:
    kept = part(STANDARD)
    assert set(kept.packages) == {"logrotate", "rsyslog"}
    paths = [e.path for e in plan_of(STANDARD).files("logs")]
    assert not [path for path in paths if "forward" in path or "tunnel" in path]
    assert kept.steps[-1].name == "Logs | nothing is sent elsewhere"


def test_secrets_are_in_a_file_that_root_alone_reads() -> None:
    files = [e for e in plan_of(LARGE).files("logs") if isinstance(e, File)]
    having = [file for file in files if SECRETS["app"] in file.data.decode()]
    assert [(file.path, file.mode, file.owner) for file in having] == [
        (forward.CONFIGURATION, 0o600, "root")
    ]
    assert having[0].secret


def test_each_secret_goes_from_the_line_and_from_the_name() -> None:
    configuration = text(forward.CONFIGURATION)
    for variable in ("$.line", "$.program"):
        assert f'set {variable} = replace({variable}, "a\\x22b", "***");' in configuration
    # The template prints the replaced ones alone.
    template = configuration[configuration.index("template(") : configuration.index("set $.line")]
    assert "$.line" in template and '"msg"' not in template and "rawmsg" not in template


def test_the_server_is_known_by_its_name_and_authority() -> None:
    tunnel = text(f"{forward.ETC}/tunnel.conf")
    for line in (
        "connect = logs.example.com:6514",
        "verifyChain = yes",
        "checkHost = logs.example.com",
        f"CAfile = {forward.SYSTEM}",
    ):
        assert f"\n{line}\n" in tunnel
    assert "key =" not in tunnel
    address = text(f"{forward.ETC}/tunnel.conf", host="192.0.2.5")
    assert "checkIP = 192.0.2.5" in address and "sni" not in address


def test_the_key_is_read_by_nobody_else() -> None:
    peer = Peer("CA", "CERTIFICATE", SecretStr("KEY"))
    key = next(e for e in entries(peer) if e.path.endswith("/key.pem"))
    assert isinstance(key, File)
    assert (key.mode, key.owner, key.secret) == (0o600, "root", True)
    tunnel = text(f"{forward.ETC}/tunnel.conf", peer=peer)
    assert f"CAfile = {forward.ETC}/ca.pem" in tunnel
    assert "key = /run/credentials/host-tunnel.service/key" in tunnel
    assert "LoadCredential=key:" in text(f"{forward.UNITS}/host-tunnel.service", peer=peer)


def test_the_reader_sees_no_network_and_the_local_one_is_as_it_was() -> None:
    unit = text(f"{forward.UNITS}/host-forward.service")
    assert "PrivateNetwork=yes" in unit
    shipper = [e.path for e in entries() if e.path.startswith("/etc/systemd/system/rsyslog")]
    assert shipper == []


def test_who_owns_the_folder_writes_the_place() -> None:
    assert "setpriv --reuid=syslog" in text(f"{forward.UNITS}/host-forward.service")
    debian = text(f"{forward.UNITS}/host-forward.service", writer="root")
    assert f"ExecStartPre={forward.BEGIN}\n" in debian


@pytest.mark.parametrize(
    "values",
    [
        {"ca_file": "ca.pem"},
        {**HOST, "certificate_file": "a.pem"},
        {**HOST, "key_file": "a.key"},
        {"host": "logs.example.com; exec = /bin/sh"},
        {"host": "logs.example.com", "server_name": "a\nb"},
    ],
)
def test_half_a_setting_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Forward.model_validate(values)


def made(folder: Path, name: str, password: bytes | None = None) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    cipher = BestAvailableEncryption(password) if password else NoEncryption()
    form = PrivateFormat.PKCS8
    (folder / f"{name}.key").write_bytes(key.private_bytes(Encoding.PEM, form, cipher))


def test_files_that_fit_are_read(tmp_path: Path) -> None:
    made(tmp_path, "a")
    found = read(
        Forward.model_validate(
            {**HOST, "ca_file": "a.pem", "certificate_file": "a.pem", "key_file": "a.key"}
        ),
        tmp_path,
        "logs.forward",
    )
    assert found.authority == found.certificate == (tmp_path / "a.pem").read_text()
    assert found.key.get_secret_value() == (tmp_path / "a.key").read_text()


@pytest.mark.parametrize(
    ("certificate", "key", "words"),
    [
        ("a.pem", "b.key", "belongs to another"),
        ("a.key", "a.key", "no PEM certificate"),
        ("a.pem", "a.pem", "no PEM private key"),
        ("a.pem", "locked.key", "passphrase"),
        ("a.pem", "nowhere.key", "can't be read"),
    ],
)
def test_files_that_do_not_fit_are_refused(
    tmp_path: Path, certificate: str, key: str, words: str
) -> None:
    made(tmp_path, "a")
    made(tmp_path, "b")
    made(tmp_path, "locked", b"a-passphrase")
    chosen = {**HOST, "certificate_file": certificate, "key_file": key}
    with pytest.raises(OperatorError, match=words):
        read(Forward.model_validate(chosen), tmp_path, "logs.forward")
