"""Tables and indexes, once per release; what is there stays."""

import os

import psycopg

with psycopg.connect(os.environ["MIGRATION_DATABASE_URL"], autocommit=True) as connection:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS accounts (email text PRIMARY KEY, hash text NOT NULL)"
    )
    connection.execute(
        "CREATE TABLE IF NOT EXISTS notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        ' text text NOT NULL, "by" text NOT NULL)'
    )
    connection.execute('CREATE INDEX CONCURRENTLY IF NOT EXISTS notes_by ON notes ("by")')
