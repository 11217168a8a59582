"""The table of orders."""

import sqlalchemy
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "fastapi_orders",
        sqlalchemy.Column("id", sqlalchemy.Integer, primary_key=True),
        sqlalchemy.Column("text", sqlalchemy.String(200), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("fastapi_orders")
