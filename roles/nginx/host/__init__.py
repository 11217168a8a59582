"""Programs that the role puts on a host: standard library, Python 3.10."""
