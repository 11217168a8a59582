"""The SSH server: keys only, modern algorithms only, and the operator never locked out."""

from .files import entries, packages
from .role import ssh
from .settings import Sshd

__all__ = ["Sshd", "entries", "packages", "ssh"]
