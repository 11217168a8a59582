"""The program that obtains certificates on a host. It needs Python 3.9 and openssl only."""
