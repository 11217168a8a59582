"""What the roles' settings demand of each other, and all of them of a host.

A rule takes the settings and yields conflicts, each with the keys it is between, the likeliest to
be changed first. It looks at values that are right each; it is not asked about a wrong one.
"""

from . import alerts, applications, budget, copies, external, names, paths, ports, web
from .host import check_host

RULES = (
    applications.one_form,
    applications.shares_fit,
    applications.names_are_free,
    budget.pool_fits,
    budget.server_fits,
    external.has_address,
    external.authorities_are_there,
    external.gives_enough,
    external.pooled_apart,
    external.names_are_given,
    ports.ports_differ,
    names.names_differ,
    names.given_once,
    names.kinds_have_names,
    paths.paths_are_free,
    copies.one_host_a_place,
    copies.mirror_has_database,
    web.certificate_fits,
    web.port_80_is_open,
    web.queue_answers,
    web.kernel_fits,
    alerts.alerts_are_measured,
    alerts.heartbeats_differ,
)

__all__ = ["RULES", "check_host"]
