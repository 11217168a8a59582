"""Whether Nginx takes what is in /etc/nginx, and answers for our names with our site."""

from __future__ import annotations

from collections.abc import Sequence

from .site import Site

FOLDER = "/etc/nginx/sites-enabled"


def other(sites: Sequence[Site]) -> str:
    """Shell: what `of` prints for each of them."""
    return "; ".join(of(site) for site in sites if not site.path)


def of(site: Site) -> str:
    """Shell: prints why Nginx would not start, or would serve a name with somebody else's file; of
    two servers with one name it takes the first, with no more than a warning. Nothing when all is
    right."""
    names, ours = "|".join(site.names), f"{FOLDER}/{site.name}.conf"
    return (
        'if said=$(nginx -t -q 2>&1); then case $said in *"conflicting server name"*)'
        f" nginx -T 2>/dev/null | awk -v names='{names}' -v ours={ours} '{_FIRST}';;"
        ' esac; else echo "$said"; fi'
    )


# What nginx -T prints has each file below a comment with its path, in the order that it is read. A
# record is what ends with a semicolon.
_FIRST = r"""
BEGIN { RS = ";"; split(names, list, "|"); for (n in list) wanted[list[n]] }
{
  count = split($0, lines, "\n")
  for (i = 1; i <= count; i++) if (sub(/^# configuration file /, "", lines[i])) file = lines[i]
  sub(/:$/, "", file)
  gsub(/#[^\n]*/, "")
}
match($0, /(^|[{}[:space:]])server_name[[:space:]]/) {
  count = split(substr($0, RSTART + RLENGTH), words)
  for (i = 1; i <= count; i++) {
    gsub(/["\047]/, "", words[i])
    if (!(words[i] in wanted) || words[i] in first) continue
    first[words[i]]
    if (file != ours) print file " serves " words[i] " first: remove that name there"
  }
}
""".strip()


def require(sites: Sequence[Site]) -> str:
    """Shell: says what `other` finds, and fails then."""
    return f'text=$({other(sites)}); [ -z "$text" ] || {{ echo "$text" >&2; false; }}'
