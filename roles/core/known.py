"""Where a host notes from which addresses somebody logged in: bans write it, others look."""

KNOWN = "/run/readyhost-known"
"""Has a file for each address, named as the address is."""
