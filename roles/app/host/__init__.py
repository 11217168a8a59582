"""The program that releases an application on its host. Standard library of Python 3.10 only."""
