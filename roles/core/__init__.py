"""The few building blocks that all roles share."""
