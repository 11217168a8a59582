"""WEB: what Nginx does, as the host itself sees it; readiness/outside sees the rest."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from ..outcome import Finding, either, false, true, unwanted
from . import each
from .judging import pairs, processes
from .look import Look

if TYPE_CHECKING:
    from settings import Settings

STRANGER = "set -- $(od -An -N2 -tu1 /dev/urandom); from=127.86.$1.$2; "
"""Shell: an address of the loopback network, which no visitor shares, so none is refused for what
it asks for; another one each time, whose allowance nobody has used."""
UNREACHED = (0, 502, 504)  # no answer, or Nginx's own that no process gave one
AT_ONCE = 8
"""Requests: one after the other, a health that asks a database far away takes longer than a look
may."""
MARGIN = 20  # requests beyond the allowance, as it fills again meanwhile


def looks(settings: Settings) -> list[Look]:
    """What is asked of the host about its web server."""
    nginx, domain = settings.nginx, settings.domain
    most = 2 * nginx.limits.per_minute + MARGIN
    health = f"https://{domain}{settings.app.health.path}"
    # Nginx counts requests for processes; of several applications the first may be files.
    counted = each.serving(settings) or settings
    ask = (
        f"curl -skZ --parallel-max {AT_ONCE} --max-time 5"
        f" --resolve {counted.domain}:443:127.0.0.1 --interface $from -o /dev/null -D -"
    )
    # curl counts up what is in brackets; nothing behind # is sent.
    limited = shlex.quote(f"https://{counted.domain}{counted.app.health.path}#[1-{AT_ONCE}]")
    flood = (
        f"{STRANGER}n=0; bare=0; while [ $n -lt {most} ]; do n=$((n + {AT_ONCE}));"
        f" said=$({ask} {limited} | tr -d '\\r');"
        ' case $said in "") echo asked=0; exit 0 ;;'
        # One whose headers did not all come within curl's time is judged only if no other comes.
        ' *"HTTP/"*" 429"*"etry-"?"fter: "*) echo "asked=$n"; echo "$said"'
        " | sed -n 's/^[Rr]etry-[Aa]fter: */after=/p' | head -n 1; exit 0 ;;"
        ' *"HTTP/"*" 429"*) bare=$n ;; esac; done; echo "asked=$bare"'
    )
    return [
        Look(
            "WEB-01",
            "nginx -T 2>/dev/null | awk '/^ *server unix:/ && !/backup/ {print \"socket=\" $2}'"
            f" | grep '^socket=unix:/srv/{settings.app.name}/live/' || :;"
            f" {processes(settings.app.name)};"
            " curl -sk -o /dev/null --max-time 5 -w 'status=%{http_code}\\n' --resolve"
            f" {domain}:443:127.0.0.1 {shlex.quote(health)}",
            _spread,
        ),
        Look(
            "WEB-04",
            flood if nginx.limits.per_minute else "true",
            lambda said: _limited(said, nginx.limits.per_minute),
        ),
        Look(
            "WEB-07",
            "nginx -T 2>/dev/null | sed -nE"
            " 's/^ *(client_max_body_size|proxy_read_timeout) +([0-9]+)[ms];/\\1=\\2/p'",
            lambda said: _bounds(said, nginx.body_limit_mb, nginx.request_timeout_seconds),
        ),
        Look(
            "WEB-11",
            "nginx -T 2>/dev/null | sed -nE 's/^ *set_real_ip_from +(.*);/proxy=\\1/p'; echo end=1",
            lambda said: _proxies(said, list(nginx.proxies)),
        ),
        Look(
            "WEB-12",
            "nginx -T 2>/dev/null | grep -cE '^ *proxy_cache_path ' | sed 's/^/paths=/' || :",
            lambda said: _kept(said, bool(nginx.cache.size_mb)),
        ),
        Look(
            "WEB-13",
            "nginx -T 2>/dev/null | sed -nE 's/^ *proxy_set_header Upgrade .*/upgrade=1/p'"
            " | head -n 1; nginx -T 2>/dev/null | grep -c '^ *location ~ .*{'"
            " | sed 's/^/streams=/' || :",
            lambda said: _streams(said, bool(nginx.stream_paths)),
        ),
        Look(
            "WEB-17",
            "nginx -T 2>/dev/null | sed -nE 's/^ *limit_req_zone .* zone=([a-z0-9_]+):.*/\\1=1/p';"
            " ! [ -x /usr/local/sbin/readyhost-csp ] || echo csp=1",
            lambda said: _places(said, len(nginx.limits.paths)),
        ),
    ]


def _spread(said: list[str]) -> Finding:
    sockets = {line for line in said if line.startswith("socket=")}
    values = pairs([line for line in said if line not in sockets])
    wanted, answer = int(values["wanted"]), int(values["status"])
    if len(sockets) < max(1, wanted):
        return false(f"Nginx asks {len(sockets)} of {wanted} processes")
    # Another answer than these is the application's own (APP-07).
    return either(answer not in UNREACHED, f"over {len(sockets)} processes; {answer} of one")


def _limited(said: list[str], allowed: int) -> Finding:
    if not allowed:
        return unwanted("nginx.limits.per_minute is 0")
    values = pairs(said)
    asked = int(values["asked"])
    if not asked:
        return false("a stranger was never refused")
    if not values.get("after", "").isdigit():
        return false(f"429 at request {asked}, without Retry-After")
    return either(asked > allowed / 2, f"429 at request {asked}, Retry-After {values['after']} s")


def _bounds(said: list[str], body: int, seconds: int) -> Finding:
    values = [pairs([line]) for line in said]
    bodies = {
        int(each["client_max_body_size"]) for each in values if "client_max_body_size" in each
    }
    times = {int(each["proxy_read_timeout"]) for each in values if "proxy_read_timeout" in each}
    if not bodies or not times:
        raise ValueError(said)
    return either(body in bodies and seconds in times, f"{body} MB, {seconds} s wanted; {said[0]}")


def _proxies(said: list[str], wanted: list[str]) -> Finding:
    if said[-1] != "end=1":
        raise ValueError(said)
    trusted = {line.removeprefix("proxy=") for line in said[:-1]}
    if not wanted and not trusted:
        return unwanted("no CDN: nginx.trusted_proxies is empty")
    good = {each for each in trusted if "/" in each} >= set(wanted) and len(trusted) == len(wanted)
    return either(good, f"{len(trusted)} networks are trusted", f"trusted: {sorted(trusted)}")


def _kept(said: list[str], wanted: bool) -> Finding:
    paths = int(pairs(said)["paths"])
    if not wanted:
        return false("a cache that is not wanted") if paths else unwanted("nginx.cache: none")
    return either(paths > 0, "what the application allows is kept", "Nginx keeps nothing")


def _streams(said: list[str], wanted: bool) -> Finding:
    values = pairs(said)
    streams = int(values["streams"])
    if not wanted:
        return unwanted("nginx.stream_paths is empty")
    return either(values.get("upgrade") == "1" and streams > 0, f"{streams} places for streams")


def _places(said: list[str], paths: int) -> Finding:
    zones = pairs(said)
    if zones.pop("csp", "") != "1":
        return false("readyhost-csp is not there")
    if not zones:
        return false("Nginx counts nothing")
    return true(f"{len(zones)} limits, {paths} of them of paths; reports are shown")
