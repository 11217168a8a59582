"""What a second run takes where there are many hosts, beside one."""
