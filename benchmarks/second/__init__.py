"""What a second run takes where the host is far away, and where there are many."""
