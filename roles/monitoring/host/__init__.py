"""The host's own facts, for node-exporter to read. Standard library of Python 3.10 only."""
