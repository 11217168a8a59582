#!/bin/sh
# A host with as much of readyhost's as a load test needs: Nginx with its limits, log and lifting, and two
# processes called as an application's are. The whole deploy would take minutes more.
set -eu
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -q && apt-get install -y -q nginx; } >/tmp/apt.log 2>&1 || { tail -3 /tmp/apt.log; exit 1; }
rm -f /etc/nginx/sites-enabled/default
openssl req -x509 -newkey rsa:2048 -nodes -keyout /etc/nginx/key.pem -out /etc/nginx/cert.pem -days 3 \
    -subj /CN=shop.example 2>/dev/null
cat >/etc/nginx/conf.d/limits.conf <<'C'
geo $always_unlimited { default 0; }
map "$always_unlimited$lifted" $unlimited { default 1; 0 0; }
map $unlimited $client { default ""; 0 $binary_remote_addr; }
limit_req_zone $client zone=x:1m rate=6r/m;
limit_req_status 429;
log_format json escape=json '{"time":"$time_iso8601","client":"$remote_addr","host":"$host",'
    '"method":"$request_method","path":"$request_uri","hostile":"","status":$status,"bytes":$bytes_sent,'
    '"request_time":$request_time,"upstream":"$upstream_addr","agent":"$http_user_agent"}';
access_log /var/log/nginx/json.log json buffer=64k flush=1s;
upstream shop { server 127.0.0.1:8001 max_fails=1 fail_timeout=1; server 127.0.0.1:8002 max_fails=1 fail_timeout=1; }
C
cat >/etc/nginx/sites-enabled/shop.conf <<'C'
server {
    listen 443 ssl;
    server_name shop.example;
    ssl_certificate /etc/nginx/cert.pem;
    ssl_certificate_key /etc/nginx/key.pem;
    set $lifted "";
    if (-f /run/readyhost-load/$remote_addr) { set $lifted 1; }
    location / { limit_req zone=x burst=9 nodelay; proxy_pass http://shop; }
}
C
cat >/etc/systemd/system/shop-web-blue@.service <<'C'
[Service]
ExecStart=/usr/bin/python3 /opt/load/application.py 800%i
Slice=shop.slice
LimitNOFILE=65536
C
systemctl daemon-reload
systemctl restart shop-web-blue@1 shop-web-blue@2
nginx -t -q
systemctl restart nginx
