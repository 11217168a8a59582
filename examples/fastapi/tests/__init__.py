"""Quick tests; none needs a database."""
