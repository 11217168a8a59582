"""What an operator asks of Alertmanager on this host. Python's standard library alone."""
