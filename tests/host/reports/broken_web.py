"""What takes a line of the web server's away, and no other."""

from __future__ import annotations

from .breaking import SITE, edited, location, moved, served

CONF = "/etc/nginx/conf.d"

WEB = {
    "WEB-01": edited(SITE, "'0,/^    server unix:/{/^    server unix:/d}'"),
    "WEB-07": edited(
        f"{CONF}/clients.conf", "'s/^client_max_body_size .*/client_max_body_size 9m;/'"
    ),
    "WEB-11": edited(f"{CONF}/clients.conf", "'$a set_real_ip_from 192.0.2.0/24;'"),
    "WEB-12": edited(f"{CONF}/cache.conf", "'$a # by hand'"),
    "WEB-17": moved("/usr/local/sbin/readyhost-csp"),
    "LOAD-01": edited(
        "/etc/nginx/nginx.conf", "'s/worker_connections .*;/worker_connections 99;/'"
    ),
}

SERVED = {
    "WEB-06": location("= /static/style.css { return 410; }"),
    "WEB-10": served("/if (.docs_closed) {/,/}/s/404/204/"),
    "WEB-14": served(r"s/^\( *try_files .*\)=404;/\1=410;/"),
    # Nothing is there, as when the database is away; its limit of requests is as before.
    "APP-07": location("= /health { root /var/empty; try_files /none =503; }"),
}
"""What visitors see, and the host's files do not say. They come last: others edit the same file."""
