"""How fast readyhost is: provisioning beside others, and a host of its making under load.

    make bench, or python -m benchmarks [provision] [load] [backup]

Real boxes, one run, figures to benchmarks/results. docs/performance.md says how to read them.
"""
