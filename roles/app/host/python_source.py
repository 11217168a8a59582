"""Where a Python of an application's own comes from: the distributions' source packages, and the
keys that say that they are theirs."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .fetched import REFUSED

KNOWN = json.loads(Path(__file__).with_name("python.json").read_text())
# Debian's security updates have an archive of their own, whose folder this is.
_SECURITY = "debian-security"
_TEMPLATES = "/usr/share/python-apt/templates"
# What python-apt's templates have both distributions' addresses in; all else is another archive's.
_ADDRESS = "s#^BaseURI\\(-amd64\\)\\?: \\(.*/{name}\\)/*$#\\2#p"
_SAFE = "s#^BaseURI: \\(.*security[^/]*\\)/*$#\\1#p"
_CORE = (
    "1i #if !defined(Py_BUILD_CORE) && !defined(Py_BUILD_CORE_BUILTIN)"
    "\\n#  define Py_BUILD_CORE_MODULE 1\\n#endif"
)


def newest(series: str) -> str:
    """The version of the source package that this readyhost knows for 3.11, 3.12, …"""
    return str(KNOWN["pythons"][series]["version"])


def commands(folder: Path, prefix: Path, wanted: Mapping[str, Any]) -> str:
    """Shell lines, for sh -e, that leave in `folder`/whole what is to lie in `prefix`.

    wanted: series, version and, where it is not the distribution's usual one, mirror.
    """
    found, package = KNOWN["pythons"][wanted["series"]], f"python{wanted['series']}"
    name, suite, version = found["distribution"], found["suite"], wanted["version"]
    keys = shlex.quote("\n".join(KNOWN["keys"][name]))
    refused = (
        f"{REFUSED}the archive of {suite} has {package} $newest and no {version} any more:"
        f' set app.python.version = "$newest"'
    )
    return f"""mkdir -p {folder}/lists/partial {folder}/cache/archives/partial {folder}/home
cd {folder}
printf '%s\\n' {keys} >keys.asc
{_addresses(name, suite, wanted.get("mirror", ""))}
apt="-q -o Dir::Etc::SourceList={folder}/sources.list -o Dir::Etc::SourceParts=-
 -o Dir::State::Lists={folder}/lists -o Dir::Cache={folder}/cache"
apt-get $apt -o APT::Update::Error-Mode=any update
all=$(apt-cache $apt showsrc --only-source {package} | sed -n 's/^Version: //p' | sort -Vu)
newest=$(echo "$all" | tail -n 1)
if ! echo "$all" | grep -Fqx {shlex.quote(version)}; then echo "{_quoted(refused)}"; exit 3; fi
apt-get $apt source --download-only {package}={version}
dpkg-source --skip-patches -x {package}_*.dsc code
cd code
# Of the distribution's changes those that mend; the others are for its own layout of files.
changes=$(sed 's/[ #].*//' debian/patches/series | grep '\\.patch$')
for change in $changes; do patch -sp1 <debian/patches/$change; done
# What a change asks of the interpreter's own headers, the distribution has where it links modules
# into the interpreter; here modules are files.
of='s#^+++ [^/]*/\\(Modules/[a-zA-Z_]*\\.c\\).*#\\1#p'
for module in $(cd debian/patches; sed -n "$of" $changes); do
  if grep -q '"pycore_' $module && ! grep -q Py_BUILD_CORE $module; then
    sed -i '{_CORE}' $module
  fi
done
./configure -q --prefix={prefix} --disable-test-modules --with-ensurepip=install >../configure.log
make -s -j"$(nproc)" >../make.log
make -s install DESTDIR={folder}/out >../install.log
mv {folder}/out{prefix} {folder}/whole
"""


def _addresses(name: str, suite: str, mirror: str) -> str:
    """Shell that writes sources.list: the suite, and its security updates."""
    listed = f"deb-src [signed-by=$PWD/keys.asc] $archive {suite}"
    lines = [
        f"archive={shlex.quote(mirror)}"
        if mirror
        else f"archive=$(sed -n '{_ADDRESS.format(name=name)}' {_TEMPLATES}/{name.title()}.info"
        " | head -n 1)",
        f'echo "{listed} main" >sources.list',
    ]
    if name == "ubuntu":
        lines.append(f'echo "{listed}-updates main" >>sources.list')
        lines.append(f'echo "{listed}-security main" >>sources.list')
    elif not mirror:
        lines.append(
            f"archive=$(sed -n '{_SAFE}' {_TEMPLATES}/Debian.info | head -n 1)/{_SECURITY}"
        )
        lines.append(f'echo "{listed}-security main" >>sources.list')
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return text.replace('"', '\\"')
