"""Services elsewhere are tried from a host before its first change."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roles.core.errors import OperatorError

from . import authorities, urls

if TYPE_CHECKING:
    from settings import Settings

PROBES = Path(__file__).with_name("probes")
LIBRARIES = {
    "database": ("pg8000", "scramp", "asn1crypto", "dateutil", "six"),
    "redis": ("redis",),
    "mongodb": ("pymongo", "bson", "gridfs", "dns"),
    "storage": (),
    "remote_write": (),
}
"""Sent along from the operator's own environment, as sources: a new host has none of them."""

# All comes by standard input: nothing of it is in an argument or in a file of the host. The
# libraries lie in memory that goes with the process; who tries is nobody.
START = (
    "import base64, json, os, sys; given = json.load(sys.stdin);"
    " memory = os.memfd_create('libraries'); os.write(memory, base64.b64decode(given['zip']));"
    " sys.path.insert(0, f'/proc/self/fd/{memory}');"
    " from probes import run; run.main(given['wishes'])"
)
PYTHON = "/usr/bin/python3"
NOBODY = "setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs"
COMMAND = (
    f"[ -x {PYTHON} ]"
    " || { echo 'no python3'; exit; }; cd /; "
    f'exec {NOBODY} {PYTHON} -I -c "{START}"'
)


@dataclass(frozen=True)
class Answer:
    """What came of one: the key that says where it is, and what it says of itself, or an error.
    wanted: extensions that are not installed in the database."""

    key: str
    error: str
    said: str
    wanted: tuple[str, ...]

    @property
    def warnings(self) -> list[str]:
        """What each run says at its end."""
        if not self.wanted:
            return []
        names = ", ".join(self.wanted)
        return [
            f"{self.key}: extensions that are wanted are not installed in that database: {names}."
            " Make them there: CREATE EXTENSION"
        ]


def wishes(settings: Settings, needed: dict[str, tuple[int, str]]) -> list[dict[str, Any]]:
    """What is to be tried, of all applications. needed: connections to a database elsewhere that
    each takes at most, and of what they are."""
    return [wish for view in settings.applications for wish in _of(view, needed)]


def _of(view: Settings, needed: dict[str, tuple[int, str]]) -> Iterator[dict[str, Any]]:
    app = view.app
    prefix = "" if app.alone else f"apps.{app.name}."
    for what, path in authorities.sources(view).items():
        common = {"kind": what, "authorities": authorities.read(path) if path else ""}
        if what == "database" and view.postgres.external.url:
            of = "database" if prefix else "postgres"
            connections, words = needed[app.name]
            yield (
                common
                | _place(urls.database(view.postgres.external.url))
                | {
                    "key_of": f"{prefix}{of}.external.url",
                    "connections": connections,
                    "what": words,
                    "extensions": [each for each in view.postgres.extensions if each != "plpgsql"],
                    "extensions_key": f"{prefix}{of}.extensions",
                    "hidden": [view.postgres.external.url.get_secret_value()],
                }
            )
        elif what == "redis" and view.redis.external.url:
            yield (
                common
                | _place(urls.redis(view.redis.external.url))
                | {
                    "key_of": f"{prefix}redis.external.url",
                    "hidden": [view.redis.external.url.get_secret_value()],
                }
            )
        elif what == "mongodb" and app.mongodb.uri:
            uri = app.mongodb.uri.get_secret_value()
            key = f"{prefix or 'app.'}mongodb.uri"
            yield common | {"uri": uri, "key_of": key, "hidden": [uri]}
        elif what == "storage" and app.storage.key and app.storage.secret:
            wanted = app.storage.model_dump(
                include={"bucket", "endpoint", "region", "prefix", "path_style"}
            )
            name, secret = app.storage.key, app.storage.secret
            yield (
                common
                | wanted
                | {
                    "key": name.get_secret_value(),
                    "secret": secret.get_secret_value(),
                    "key_of": f"{prefix or 'app.'}storage",
                    "hidden": [secret.get_secret_value()],
                }
            )


def _place(place: urls.Place) -> dict[str, Any]:
    password = place.password.get_secret_value()
    return {
        "host": place.host,
        "port": place.port,
        "user": place.user,
        "password": password,
        "name": place.name,
    }


def standard_input(wanted: Sequence[dict[str, Any]]) -> str:
    """The standard input of COMMAND."""
    names = sorted({name for wish in wanted for name in LIBRARIES[wish["kind"]]})
    hide = [
        {**wish, "hidden": [*wish["hidden"], *filter(None, [wish.get("password")])]}
        for wish in wanted
    ]
    return json.dumps({"zip": _packed(tuple(names), PROBES), "wishes": hide})


@lru_cache
def _packed(names: tuple[str, ...], probes: Path) -> str:
    """The sources of packages and modules, and of our own, as a zip in Base64."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            spec = find_spec(name)
            if spec is None or spec.origin is None:
                raise OperatorError(f"the package {name} is not there: make venv")
            root = Path(spec.origin).parent
            package = bool(spec.submodule_search_locations)
            for path in sorted(root.rglob("*.py")) if package else [Path(spec.origin)]:
                inside = path.relative_to(root)
                file.write(path, f"{name}/{inside}" if package else path.name)
            for about in root.parent.glob(f"{name}-*.dist-info/METADATA") if package else ():
                file.write(about, f"{about.parent.name}/METADATA")  # some ask for their version
        for path in sorted(probes.glob("*.py")):
            file.write(path, f"probes/{path.name}")
        # Of redis' asynchronous half, on Python before 3.11.3; nothing here uses it.
        file.writestr("async_timeout.py", "timeout = None")
    return base64.b64encode(packed.getvalue()).decode()


def read(lines: Sequence[str], wanted: Sequence[dict[str, Any]]) -> list[Answer]:
    """What the host printed. Raises OperatorError where it tried nothing."""
    if lines[:1] == ["no python3"]:
        raise OperatorError(
            "services elsewhere can't be tried: the host has no python3. Install it"
            " (apt-get install python3); nothing has been changed"
        )
    found = []
    for line in lines:
        try:
            said = json.loads(line)
            found.append(Answer(said["key"], said["error"], said["said"], tuple(said["wanted"])))
        except (ValueError, KeyError, TypeError):
            continue
    if len(found) != len(wanted):
        raise OperatorError(
            f"only {len(found)} of {len(wanted)} services elsewhere could be tried:"
            f" {' '.join(lines)[-300:]}; nothing has been changed"
        )
    return found


def require(tried: Sequence[Answer]) -> None:
    """Raises OperatorError with all that can't be used."""
    wrong = [f"{each.key}: {each.error}" for each in tried if each.error]
    if wrong:
        raise OperatorError("; ".join(wrong) + ". Nothing has been changed")
