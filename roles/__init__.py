"""What is known about each part of a host, one package a role."""
