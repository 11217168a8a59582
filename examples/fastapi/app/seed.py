"""Items to look at in an empty database: `python -m app.seed`. Leaves existing ones alone."""

from app import settings
from app.resources import connect

SEED = """
    INSERT INTO items (name, description)
    SELECT 'Item ' || n, 'One of the first items, so that the list has something to show: ' || n
    FROM generate_series(1, 30) AS n
    WHERE NOT EXISTS (SELECT FROM items)
"""


def main() -> None:
    with connect(settings.load().database_url) as db:
        print(db.execute(SEED).rowcount, "items added")


if __name__ == "__main__":
    main()
