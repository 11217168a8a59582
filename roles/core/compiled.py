"""Templates as Jinja2 has compiled them, kept for the next run: to compile them all takes longer
than all else that a run computes."""

from __future__ import annotations

import pickle
import sys
from contextlib import suppress
from pathlib import Path

import jinja2
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class Compiled(FileSystemBytecodeCache):
    """Keeps them in a folder of the checkout, which whoever writes there may write code to anyway.
    It is as good as its source: a template that was changed is compiled anew.

    + maker: text of what else decides how a template is compiled
    """

    def __init__(self, folder: Path, maker: str) -> None:
        super().__init__(str(folder), "%s.template")
        self._maker = f"{jinja2.__version__}\n{maker}"

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(f"{self._maker}\n{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, ValueError, EOFError, TypeError, pickle.UnpicklingError):
            bucket.reset()  # damaged, and written anew

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.flags.dont_write_bytecode:
            return
        with suppress(OSError):  # a checkout that is somebody else's, or a full disk
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)
