"""What backups cost and what they bring back."""
