"""Request headers that only a proxy, a gateway or a framework itself may set: never a visitor."""

from collections.abc import Sequence

SET_HERE = (
    "Host",
    "X-Real-IP",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Port",
    "X-Forwarded-Proto",
    "X-Request-ID",
)
"""Those that Nginx tells the application itself, in place of what a visitor said."""

CLAIMS = (
    # Where the application is, and how it was asked for: links, redirects, cookies follow these.
    "Base-Url Forwarded Forwarded-Proto Front-End-Https Script-Name X-Base-Url X-Forwarded"
    " X-Forwarded-Base X-Forwarded-By X-Forwarded-Context X-Forwarded-HTTPS X-Forwarded-Method"
    " X-Forwarded-Path X-Forwarded-PathBase X-Forwarded-Prefix X-Forwarded-Protocol"
    " X-Forwarded-Scheme X-Forwarded-Server X-Forwarded-Ssl X-Forwarded-Uri X-Forwarded-Url"
    " X-Host X-HTTPS X-HTTP-Host-Override X-Original-Forwarded-Host X-Original-Host"
    " X-Original-Proto X-Original-Scheme X-Proto X-Proxy-Url X-Scheme X-Script-Name X-Url-Scheme"
    " CF-Visitor CloudFront-Forwarded-Proto Fastly-SSL X-ARR-SSL X-Azure-FDID"
    # Another address or another method than the one that was looked at here.
    " X-Envoy-Original-Path X-HTTP-Method X-HTTP-Method-Override X-Method-Override"
    " X-Original-Method X-Original-URI X-Original-URL X-Override-URL X-Rewrite-URI X-Rewrite-URL"
    " X-Accel-Mapping X-Sendfile-Type Proxy"
    # What a framework that renders on the server says to itself: which page is meant, that there is
    # none to be rendered, that an answer is one for all.
    " X-Astro-Path X-Invoke-Error X-Invoke-Output X-Invoke-Path X-Invoke-Query X-Invoke-Status"
    " X-Matched-Path X-Middleware-Invoke X-Middleware-Next X-Middleware-Override-Headers"
    " X-Middleware-Redirect X-Middleware-Rewrite X-Middleware-Set-Cookie X-Middleware-Subrequest"
    " X-Middleware-Subrequest-Id X-Nitro-Prerender X-Now-Route-Matches X-Nuxt-Error X-Nuxt-No-SSR"
    " X-React-Router-Prerender-Data X-React-Router-SPA-Mode"
    # Whose request it is.
    " CF-Connecting-IP CF-Connecting-IPv6 CF-Pseudo-IPv4 Client-IP CloudFront-Viewer-Address"
    " Cluster-Client-IP DO-Connecting-IP Fastly-Client-IP Fly-Client-IP Incap-Client-IP"
    " Remote-Addr True-Client-IP X-Appengine-Remote-Addr X-Appengine-User-IP X-Azure-ClientIP"
    " X-Azure-SocketIP X-Client X-Client-IP X-Client-Port X-Cluster-Client-IP"
    " X-Envoy-External-Address X-Envoy-Internal X-Forward-For X-Forwarded-Client-Ip"
    " X-Forwarder-For X-NF-Client-Connection-IP X-Original-Forwarded-For"
    " X-Original-Remote-Addr X-Originating-IP X-ProxyUser-IP X-Real-Port X-Remote-Addr"
    " X-Remote-IP X-Sucuri-ClientIP X-Vercel-Forwarded-For"
    # Who asks, once somebody else has made sure of it.
    " Remote-User Ssl-Client-Cert Ssl-Client-Verify X-ARR-ClientCert X-Client-Cert X-Client-DN"
    " X-Client-Verify X-Forwarded-Access-Token X-Forwarded-Client-Cert X-Forwarded-Email"
    " X-Forwarded-Groups X-Forwarded-Preferred-Username X-Forwarded-Tls-Client-Cert"
    " X-Forwarded-Tls-Client-Cert-Info X-Forwarded-User X-Remote-User X-SSL-Cert"
    " X-SSL-Client-Cert X-SSL-Client-DN X-SSL-Client-S-DN X-SSL-Client-Verify X-Verified-User"
    " CF-Access-Authenticated-User-Email Remote-Email Remote-Groups Remote-Name"
    " Ssl-Client-Subject-DN Tailscale-User-Login Tailscale-User-Name X-Amzn-Oidc-Identity"
    " X-Auth-Email X-Auth-Request-Access-Token X-Auth-Request-Email X-Auth-Request-Groups"
    " X-Auth-Request-Preferred-Username X-Auth-Request-User X-Auth-Username"
    " X-Authenticated-User X-Authentik-Email X-Authentik-Groups X-Authentik-Username"
    " X-Goog-Authenticated-User-Email X-Goog-Authenticated-User-Id X-MS-Client-Principal"
    " X-MS-Client-Principal-Id X-MS-Client-Principal-Name X-WebAuth-Email X-WebAuth-User"
).split()
"""Those that nobody in front of this host has to say: they are taken off. A name with an
underscore is another way to write them; Nginx drops every one of those."""

_KNOWN = {name.lower(): name for name in CLAIMS}
_SET_HERE = {name.lower() for name in SET_HERE}


def known(name: str) -> str:
    """`name` as it is written in CLAIMS. Raises ValueError for a header that is not taken off."""
    if name.lower() in _SET_HERE:
        raise ValueError(f"{name} is set by Nginx itself; it can't be a visitor's")
    if name.lower() not in _KNOWN:
        raise ValueError(f"{name} is not taken off; leave it out")
    return _KNOWN[name.lower()]


def dropped(passed: Sequence[str]) -> list[str]:
    """The CLAIMS that do not reach the application when those in `passed` do."""
    return [name for name in CLAIMS if name not in set(passed)]
