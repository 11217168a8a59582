"""Names and values, quoted for each language that they are written in."""

from urllib.parse import quote


def identifier(name: str) -> str:
    """An SQL identifier, kept as it is typed."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """An SQL string. Backslashes mean themselves: standard_conforming_strings is on."""
    return "'" + value.replace("'", "''") + "'"


def connect(database: str) -> str:
    """psql's command to go on in another database."""
    value = database.replace("\\", "\\\\").replace("'", "\\'")
    target = identifier(f"dbname='{value}'")
    return f"\\connect -reuse-previous=on {target}"


def token(name: str) -> str:
    """A name in pg_hba.conf or pg_ident.conf; the quotes take any special meaning away."""
    return identifier(name)


def percent(text: str) -> str:
    """A part of a URL, without any character that means something there."""
    return quote(text, safe="")
