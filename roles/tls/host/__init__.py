"""The program that obtains certificates on a host. It needs Python 3.10 and openssl only."""
