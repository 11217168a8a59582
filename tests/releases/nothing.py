"""A run of pyinfra that does nothing."""

from pyinfra.operations import server

server.shell(name="Nothing", commands=["true"])
