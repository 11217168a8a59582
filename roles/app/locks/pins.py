"""The package managers of Node.js that are used where a repository names none: versions that read
the lock files of today, and digests as packageManager has them."""

from __future__ import annotations

from dataclasses import dataclass

YARN = "@yarnpkg/cli-dist"  # from version 2 on
BUN = "@oven/bun-linux-"


@dataclass(frozen=True)
class Pin:
    """A package of the registry. form: of the lock files that it reads; empty for any."""

    package: str
    form: str
    version: str
    digest: str


PINS = (
    Pin(
        "pnpm",
        "9.0",
        "10.34.9",
        "sha512.f49b5a8ea0fdedb44bb3c0c1d6575092a53c2950d95b7ad15df11f17974877a2"
        "de3a01c07e934e9b28ce716e51c09a94962c7306d09be2e1e4b18a8c8762fd32",
    ),
    Pin(
        "yarn",
        "",
        "1.22.22",
        "sha512.a6b2f7906b721bba3d67d4aff083df04dad64c399707841b7acf00f6b133b7ac"
        "24255f2652fa22ae3534329dc6180534e98d17432037ff6fd140556e2bb3137e",
    ),
    Pin(
        YARN,
        "8",
        "4.13.0",
        "sha512.5c20ba010c99815433e5c8453112165e673f1c7948d8d2b267f4b5e520975386"
        "58388ebc9f9580656d9b75c5cc996f990f611f99304a2197d4c56d21eea370e7",
    ),
    Pin(
        YARN,
        "9",
        "4.14.1",
        "sha512.64df448055b2d37ba269d7db535a469b8da93f8ef1140c25fd7a83c00a8fbaac"
        "b214ca0e02553b92a2c54cef78bb67d0b4817fab02001df0e24fac0faccc3b42",
    ),
    Pin(
        YARN,
        "10",
        "4.18.1",
        "sha512.b2e1e7524f654f2749d32b4ebcb4622473cb5bcbc485df2007e12a154e50162a"
        "4d795526768bc5f5b8f81717bfd79deb2472813d86fb5ae2eb551fa9c872b08f",
    ),
    Pin(
        f"{BUN}x64",
        "",
        "1.4.5",
        "sha512.2165fd0442e8187014b4ca2791e49a35a6705f3464fa80f0e8c93e1c11577772"
        "8760804d06c20646ea4c64f7203680db2692eeea00098c8a0854f66db75689d6",
    ),
    Pin(
        f"{BUN}aarch64",
        "",
        "1.4.5",
        "sha512.e015e6b122a78ceae5196a99578c7fa166bb015a11f81ea509775d3333805c12"
        "26dede747ac960f706faea09ad5b501a984435975083be69abbb2b0486a39632",
    ),
)


def pin(package: str, form: str) -> Pin | None:
    """What of a package reads a lock file of `form`; None for an unknown form."""
    return next((p for p in PINS if p.package == package and p.form in ("", form)), None)
