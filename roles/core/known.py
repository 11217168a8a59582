"""Where a host notes addresses: a file for each, named as the address is."""

KNOWN = "/run/readyhost-known"
"""From which somebody logged in: bans write it, others look."""

LIFTED = "/run/readyhost-load"
"""Of a load test, for as long as it runs: Nginx's limits do not count them."""
