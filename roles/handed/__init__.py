"""What a role gets by name of others' settings; each file is for one role. Pure."""
