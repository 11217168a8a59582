#!/bin/sh
# Upgrades a package whose new version has something to say, on a terminal where nobody presses a
# key. /tmp/mailed comes to be when somebody sends mail.
set -e
cd "$(mktemp -d)"
printf '#!/bin/sh\ntouch /tmp/mailed\n' >/usr/sbin/sendmail
chmod 755 /usr/sbin/sendmail
doc=p/usr/share/doc/newsy
mkdir -p p/DEBIAN $doc
lines=$(seq -f '  * Line %g.' 100)
now=$(date +%s) # what was shown once is not shown again
for version in 1.$now 2.$now; do
  {
    printf 'Package: newsy\nVersion: %s\nArchitecture: all\n' "$version"
    printf 'Maintainer: a <a@b.test>\nDescription: x\n'
  } >p/DEBIAN/control
  {
    printf 'newsy (%s) unstable; urgency=low\n\n' "$version"
    printf '  * Beware of the leopard %s.\n%s\n\n' "$version" "$lines"
    printf ' -- a <a@b.test>  Sun, 01 Nov 2026 00:00:00 +0000\n'
  } | gzip -n9 >$doc/NEWS.Debian.gz
  dpkg-deb -b p "newsy_${version%.*}.deb" >/dev/null
done
chmod -R a+rX .
apt-get install -qq -y ./newsy_1.deb >/dev/null 2>&1 </dev/null
mkfifo keys
sleep 60 >keys &
timeout 50 script -qec "apt-get install -y $PWD/newsy_2.deb" /dev/null <keys
kill $!
