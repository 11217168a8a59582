"""A first and a second run of readyhost, Ansible and a shell script, for the same resources."""
