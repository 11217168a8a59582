"""Whether the kernel settings outlive the next boot: a file that is read after ours wins then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from roles.core.step import Due

# systemd-sysctl prints what it reads at boot, in that order, each file below a comment with its
# path. Not understood: our own `*`, which any more exact name outranks.
OUTRANKED = r"""/lib/systemd/systemd-sysctl --cat-config 2>/dev/null | awk '
/^# \/[^ ]*\.conf$/ { file = $2; next }
/^[[:blank:]]*([#;]|$)/ || !/=/ { next }
{
  key = value = $0
  sub(/=.*/, "", key); gsub(/^[[:blank:]-]+|[[:blank:]]+$/, "", key); gsub("/", ".", key)
  sub(/^[^=]*=/, "", value); gsub(/[[:blank:]]+/, " ", value); gsub(/^ | $/, "", value)
}
file ~ /\/[0-9]+-readyhost[a-z-]*\.conf$/ { ours[key] = value; delete theirs[key]; next }
key in ours && value == ours[key] { delete theirs[key]; next }
key in ours { theirs[key] = file " sets " key " = " value }
END { for (key in theirs) print theirs[key] }' | sort"""


@dataclass(frozen=True)
class AtBoot:
    """Says which file gives the kernel other values at boot than ours do: the next run takes them
    back, but the boot after it does not."""

    name: str

    def question(self) -> str:
        return OUTRANKED

    def wants(self) -> str:
        return ""

    def due(self, lines: Sequence[str]) -> Due:
        words = (f"{line} after ours at each boot: remove that line" for line in lines if line)
        return Due(words=tuple(words), fine="no file sets them otherwise")
