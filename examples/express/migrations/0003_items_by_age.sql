-- no transaction
-- CONCURRENTLY builds the index while the running release goes on writing, and is refused inside a transaction.
-- An interrupted build leaves an invalid index behind: drop it first, so that this file can be run again.
DROP INDEX CONCURRENTLY IF EXISTS items_by_age;
CREATE INDEX CONCURRENTLY items_by_age ON items (created_at DESC, id DESC);
