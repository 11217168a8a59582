"""What a host that measures itself pays for it."""
