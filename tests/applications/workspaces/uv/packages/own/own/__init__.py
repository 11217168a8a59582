"""Uses a package beside it."""

import base

VALUE = base.VALUE
