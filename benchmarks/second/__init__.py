"""What a second run takes where the host is far away."""
