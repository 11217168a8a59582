#!/bin/sh
# The same application on defaults, as a tutorial sets it up: every package of the distribution as it
# comes, one upstream on a TCP port, Uvicorn as `pip install uvicorn` leaves it, 2 x cores + 1 workers.
# Argument: the domain. Standard input: the application's archive.
set -eu
export DEBIAN_FRONTEND=noninteractive
domain=$1
password=only-for-a-throw-away-box

mkdir -p /srv/shop
tar -xzf - -C /srv/shop
apt-get -qq update
apt-get -qq install -y nginx postgresql redis-server python3-venv openssl >/dev/null

cd /srv/shop
id shop >/dev/null 2>&1 || useradd --system shop
mkdir -p uploads
python3 -m venv .venv
.venv/bin/pip install -q -r requirements.txt
cat >asgi.py <<'EOF'
from app import logs, settings, web

config = settings.load()
logs.configure(config.log_level)
app = web.create(config)
EOF
chown -R shop: /srv/shop

systemctl start postgresql redis-server
cd /
runuser -u postgres -- psql -qc "CREATE ROLE shop LOGIN PASSWORD '$password'"
runuser -u postgres -- psql -qc "CREATE DATABASE shop OWNER shop"

cat >/etc/shop.env <<EOF
ENVIRONMENT=production
SECRET_KEY=$password-with-a-long-key
DATABASE_URL=postgresql://shop:$password@127.0.0.1:5432/shop
REDIS_URL=redis://127.0.0.1:6379/0
UPLOADS_DIR=/srv/shop/uploads
EOF
workers=$((2 * $(nproc) + 1))
cat >/etc/systemd/system/shop.service <<EOF
[Service]
User=shop
WorkingDirectory=/srv/shop
EnvironmentFile=/etc/shop.env
ExecStart=/srv/shop/.venv/bin/uvicorn asgi:app --port 8000 --workers $workers --loop asyncio --http h11
Restart=always

[Install]
WantedBy=multi-user.target
EOF
set -a
# shellcheck disable=SC1091 # written above
. /etc/shop.env
set +a
cd /srv/shop
runuser -u shop -- .venv/bin/python -m app.migrate
runuser -u shop -- .venv/bin/python -m app.seed
systemctl daemon-reload
systemctl enable -q --now shop

openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$domain" \
    -keyout /etc/ssl/private/shop.key -out /etc/ssl/certs/shop.pem 2>/dev/null
cat >/etc/nginx/sites-available/shop <<EOF
server {
    listen 443 ssl;
    server_name $domain;
    ssl_certificate /etc/ssl/certs/shop.pem;
    ssl_certificate_key /etc/ssl/private/shop.key;
    location / {
        proxy_pass http://127.0.0.1:8000;
        proxy_set_header Host \$host;
        proxy_set_header X-Real-IP \$remote_addr;
        proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto \$scheme;
    }
}
EOF
ln -sf ../sites-available/shop /etc/nginx/sites-enabled/shop
nginx -t -q
systemctl restart nginx
