"""What base refuses, and what it says."""

import pytest
from pydantic import ValidationError

from roles.base import Base

KEY = "ssh-ed25519 " + "A" * 68


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("timezone", "Europe/Atlantis", "is not a time zone name"),
        ("timezone", "../../etc/shadow", "should match pattern"),
        ("locale", "de_DE.ISO-8859-1", "should match pattern"),
        ("hostname", "shop.example.com", "should match pattern"),
        ("hostname", "-shop", "should match pattern"),
        ("admins", {"root": [KEY]}, "must not be root"),
        ("admins", {"a b": [KEY]}, "should match pattern"),
        ("admins", {"alice": []}, "at least 1 item"),
        ("admins", {"alice": ["ssh-ed25519 AAAA"]}, "is not one line of a public key file"),
        ("admins", {"alice": [KEY + "\nssh-ed25519 " + "B" * 68]}, "is not one line"),
        ("admins", {"alice": ['command="x" ' + KEY]}, "is not one line of a public key file"),
        ("packages", ["htop; reboot"], "should match pattern"),
        ("packages", ["-o", "x"], "should match pattern"),
        ("ntp_servers", ["ntp.example.com iburst\nbindaddress 0.0.0.0"], "is not one line"),
        ("reboot_time", "24:00", "should match pattern"),
        ("connections", 10, "greater than or equal to 100"),
        ("swap_mb", -1, "greater than or equal to 0"),
    ],
)
def test_a_wrong_value_is_refused(field: str, value: object, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Base.model_validate({field: value})


@pytest.mark.parametrize(
    "key",
    [
        KEY,
        KEY + " alice@laptop",
        "ssh-rsa " + "B" * 372 + "== a key with a comment",
        "sk-ssh-ed25519@openssh.com " + "C" * 80,
    ],
)
def test_keys_of_every_kind_are_taken(key: str) -> None:
    assert Base(admins={"alice": (key,)}).admins["alice"] == (key,)
