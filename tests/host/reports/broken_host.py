"""What takes a line of the host's own away, and no other."""

from __future__ import annotations

from roles.core.applied import FILE

from .breaking import Broken, moved

HOST = {
    "HOST-02": Broken(
        "nft add table ip by_hand; nft add chain ip by_hand in"
        " '{ type nat hook prerouting priority -100; }';"
        " nft add rule ip by_hand in tcp dport 8080 redirect to :443",
        "nft delete table ip by_hand",
    ),
    "HOST-05": Broken("sysctl -qw net.core.somaxconn=128", "sysctl -qw net.core.somaxconn=4096"),
    "HOST-07": Broken(
        "fail2ban-client stop ssh-known >/dev/null", "fail2ban-client reload >/dev/null"
    ),
    "HOST-08": Broken(
        "iptables -I INPUT -s 192.0.2.1 -j DROP", "iptables -D INPUT -s 192.0.2.1 -j DROP"
    ),
    "HOST-09": moved(FILE),
}
