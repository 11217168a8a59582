"""What the programs on a host share. Standard library of Python 3.10 only.

On a host it is /usr/local/lib/readyhost/roles/core/host, under its own name: the programs beside it
say `from roles.core.host import …` there as here. Base installs it before any of them.
"""
