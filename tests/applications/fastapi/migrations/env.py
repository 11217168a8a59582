"""Migrations go straight to PostgreSQL: a pooled connection keeps no lock over transactions."""

import os

from alembic import context
from shop.models import Base
from sqlalchemy import create_engine, pool

with create_engine(os.environ["ALEMBIC_URL"], poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
