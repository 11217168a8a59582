"""Load tests of the user's own application on the inventory's own hosts (docs/load.md)."""
