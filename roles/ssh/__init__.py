"""The SSH server: keys only, modern algorithms only, and the operator never locked out."""

from .keys import ASK
from .role import part
from .settings import Sshd

__all__ = ["ASK", "Sshd", "part"]
