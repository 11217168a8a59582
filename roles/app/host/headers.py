"""Debian packages by the C headers and the programs that they bring: what compilers, shells and
build tools say when one is missing is always the same sentence with another name."""

from __future__ import annotations

HEADERS = {
    "libasound2-dev": r"alsa/\w+",
    "libbz2-dev": r"bzlib",
    "libcups2-dev": r"cups/\w+",
    "libcurl4-openssl-dev": r"curl/\w+",
    "libdbus-1-dev": r"dbus/dbus",
    "libenchant-2-dev": r"enchant",
    "libexif-dev": r"libexif/\w+",
    "libfontconfig-dev": r"fontconfig/\w+",
    "libgif-dev": r"gif_lib",
    "libglib2.0-dev": r"glib",
    "libgmp-dev": r"gmp",
    "libgraphviz-dev": r"(graphviz/)?c?graph",
    "libhdf5-dev": r"hdf5",
    "libldap-dev": r"(lber|ldap)",
    "liblmdb-dev": r"lmdb",
    "liblz4-dev": r"lz4",
    "liblzma-dev": r"lzma",
    "libmpc-dev": r"mpc",
    "libmpfr-dev": r"mpfr",
    "libncurses-dev": r"n?curses",
    "libopenblas-dev": r"cblas",
    "libopenjp2-7-dev": r"openjpeg",
    "libpango1.0-dev": r"pango/\w+",
    "libpcre2-dev": r"pcre2",
    "libpng-dev": r"png",
    "libpoppler-cpp-dev": r"poppler/cpp/[\w-]+",
    "libproj-dev": r"proj(_api)?",
    "librdkafka-dev": r"librdkafka/\w+",
    "libreadline-dev": r"readline/\w+",
    "librsvg2-dev": r"librsvg/\w+",
    "libsasl2-dev": r"sasl/\w+",
    "libsnappy-dev": r"snappy(-c)?",
    "libsodium-dev": r"sodium",
    "libssh2-1-dev": r"libssh2",
    "libsystemd-dev": r"systemd/[\w-]+",
    "libtiff-dev": r"tiffio",
    "libudev-dev": r"libudev",
    "libwebp-dev": r"webp/\w+",
    "libx11-dev": r"X11/\w+",
    "libzmq3-dev": r"zmq",
    "libzstd-dev": r"zstd",
    "portaudio19-dev": r"portaudio",
    "uuid-dev": r"uuid/uuid",
}
"""Of `fatal error: NAME.h: No such file`."""
PROGRAMS = {
    "autoconf": r"autoconf|autoreconf",
    "automake": r"automake|aclocal",
    "bison": r"bison|yacc",
    "flex": r"flex",
    "gfortran": r"gfortran",
    "golang": r"go",
    "libcurl4-openssl-dev": r"curl-config",
    "libtool": r"libtoolize",
    "nasm": r"nasm",
    "ninja-build": r"ninja",
    "patchelf": r"patchelf",
    "protobuf-compiler": r"protoc",
    "swig": r"swig",
}
"""Of `NAME: not found`, `NAME: command not found`, `No such file or directory: 'NAME'`."""


def signs() -> dict[str, str]:
    """What the lack of each package looks like."""
    found = {
        package: rf"(?<![\w/.-])<?{name}\.h: No such file|'{name}\.h' file not found"
        for package, name in HEADERS.items()
    }
    for package, name in PROGRAMS.items():
        sign = (
            rf"(?<![\w/.-])(?:{name}): (?:command )?not found"
            rf"|No such file or directory: '(?:[^']*/)?(?:{name})'"
        )
        found[package] = f"{found[package]}|{sign}" if package in found else sign
    return found
