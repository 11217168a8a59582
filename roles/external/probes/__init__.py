"""Tries services elsewhere, on a host before its first change: sent there by standard input alone,
with the libraries that it takes. A module for each kind of service has `look`: what is said of one,
and what it lacks. No secret is in what is printed, whatever a library says.
"""
