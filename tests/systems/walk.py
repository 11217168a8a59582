"""What a visitor does on a page of the examples' front ends."""

from __future__ import annotations

from pathlib import Path

from tests.host.conftest import DOMAIN

from .browser import Browser
from .system import System

SITE = f"https://{DOMAIN}"
PASSWORD = "a long enough password"
# a red dot: the smallest picture that a browser shows
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d4944415478da63fccfc0f01f0005000201a5b4e6c20000000049454e44ae426082"
)


# words of a route that is a chunk of its own, fetched when somebody goes there
ABOUT, WORDS = "front/src/about.jsx", "Notes, pictures"


def enter(page: Browser, url: str = SITE) -> None:
    """Make an account; then come again, as one who has no cookie any more."""
    for button in ("#sign-up", "#sign-in"):
        page.forget()
        page.open(url)
        page.type("[name=email]", page.email)
        page.type("[name=password]", PASSWORD)
        page.press(button)
        assert page.text("#who") == page.email


def write(page: Browser, text: str) -> str:
    """Add a note; the address that it has."""
    page.type("[name=text]", text)
    page.press("#add")
    return str(page.saying(".note", text).get_attribute("href"))


def upload(page: Browser, folder: Path) -> str:
    """Upload a picture, and see it; its address."""
    file = folder / "dot.png"
    file.write_bytes(PNG)
    page.type("#file", str(file))
    assert page.is_picture("#picture")
    return str(page.find("#picture").get_attribute("src"))


def deep_link(page: Browser, url: str, text: str) -> None:
    """Somebody sends a colleague an address."""
    former = page.tab(url)
    assert page.text("#note") == text
    page.back_to(former)


def compressed(system: System, page: Browser, url: str) -> None:
    """What an API answers to one that is signed in loses three quarters on its way (WEB-03)."""
    page.open(url)
    page.find("#who")
    for number in range(20):
        said = page.ask(f"{SITE}/api/notes", {"text": f"note {number} has some words of prose"})
        assert said[0] == 201, said
    cookies = page.driver.execute_cdp_cmd("Network.getCookies", {"urls": [SITE]})["cookies"]
    known = "; ".join(f"{each['name']}={each['value']}" for each in cookies)
    sizes = {}
    for coding in ("identity", "gzip"):
        with system.client() as client:
            asked = {"Cookie": known, "Accept-Encoding": coding}
            answer = client.get("/api/notes", headers=asked, extensions={"sni_hostname": DOMAIN})
        assert answer.headers.get("content-encoding", "identity") == coding
        sizes[coding] = int(answer.num_bytes_downloaded)
    assert sizes["gzip"] < 0.3 * sizes["identity"], sizes


def version(page: Browser) -> str:
    return str(page.ask(f"{SITE}/api/version")[1]["release"])


def anybody(system: System, path: str) -> str:
    """What one gets who has never been there, from what Nginx keeps where it may."""
    return str(system.https(path).text)


def over_a_release(
    system: System,
    page: Browser,
    about: str = ABOUT,
    words: str = WORDS,
    *,
    is_followed: bool = False,
) -> None:
    """A tab stays open while another release goes live, its front end changed, and goes back.
    is_followed: the front end's router loads a page of another release anew, as Next.js' does;
    else the tab goes on with its own. What that renders at build time it lets anybody have for a
    year, and nobody gets it of a release that is not live."""
    page.open(SITE)
    page.find("#who")
    former = version(page)
    if is_followed:
        assert [f"Later: {words}" in anybody(system, "/about") for _ in range(2)] == [False] * 2
    tag = system.release({about: (words, f"Later: {words}")})
    assert version(page) == tag != former
    if is_followed:
        assert f"Later: {words}" in anybody(system, "/about")
    write(page, "while the tab is of the former release")
    page.press("#to-about")  # a chunk that the new release does not have
    assert page.text("#about").startswith(f"Later: {words}" if is_followed else words)
    page.open(f"{SITE}/about")
    assert page.text("#about").startswith(f"Later: {words}")

    system.roll_back()
    if is_followed:
        assert f"Later: {words}" not in anybody(system, "/about")
    page.open(f"{SITE}/about")
    assert page.text("#about").startswith(words)
    assert version(page) == former
    assert page.complaints() == []


def over_a_release_of_the_api(system: System, page: Browser, url: str) -> None:
    """The same where the front end is elsewhere: the tab goes on writing."""
    page.open(url)
    former = version(page)
    tag = system.release({})
    assert version(page) == tag != former
    write(page, "over a release")
    system.roll_back()
    assert version(page) == former
    write(page, "over a rollback")
    assert page.complaints() == []
