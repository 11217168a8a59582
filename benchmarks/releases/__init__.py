"""What a release takes, forth and back, and what its users notice of it."""
