"""Where fail2ban takes files of the team's."""

from __future__ import annotations

from collections.abc import Iterator

from roles.core.snippet_place import SnippetPlace, Wrong, anything, only_new


def takes() -> tuple[SnippetPlace, ...]:
    """Jails, which outrank the package's and set nothing that readyhost's do; filters, actions."""
    return (
        # jail.local is read after jail.d/*.conf, and before jail.d/*.local
        _place("jail.d", ".local", only_new("/etc/fail2ban/jail.*local", keys)),
        _place("filter.d", ".conf"),
        _place("action.d", ".conf"),
    )


def _place(folder: str, ending: str, wrong: Wrong = anything) -> SnippetPlace:
    path = f"/etc/fail2ban/{folder}/{{name}}{ending}"
    return SnippetPlace(f"fail2ban/{folder}", "bans", path, unit="fail2ban", wrong=wrong)


def keys(text: str) -> Iterator[str]:
    """What a file of jails sets, `sshd.maxretry`; fail2ban says what is no such file."""
    # Here and not above: few hosts have such a file, and each start reads all that is above.
    from configparser import ConfigParser, Error

    parser = ConfigParser(interpolation=None, strict=False, default_section="")
    try:
        parser.read_string(text)
    except Error:
        return
    for section in parser.sections():
        yield from (f"{section}.{key}" for key in parser[section])
