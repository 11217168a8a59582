"""What is known about each part of a host, one package a role."""

import sys

# pyinfra keeps no compiled modules of what it is given (PYTHONDONTWRITEBYTECODE does, if set), and
# would compile all roles again at each start: that is half of a second run.
sys.dont_write_bytecode = bool(sys.flags.dont_write_bytecode)
