"""What runs on the host during a load test, sent there for its length: nothing is installed.

Standard library of Python 3.10 only; `load.histogram` comes along. It is one process of a transient
unit (load/remote.py), which undoes all of it however it ends.
"""
