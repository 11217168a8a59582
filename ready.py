"""Is it ready? Each line of docs/readiness.md, looked at on each host; nothing is changed.

pyinfra inventories/prod.py ready.py

It leaves reports/prod/ready.html, ready.json and ready.prom. Exit status: 0 all that is wanted is
true, 2 something is false, 1 something could not be looked at (docs/report.md).
"""

from pyinfra import host

from readiness.run import run

run(host)
