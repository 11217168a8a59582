"""What a detached test is started with is what was asked for."""

from __future__ import annotations

import argparse

import pytest

from load.options import add_options, again


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_options(parser)
    return parser.parse_args(words, argparse.Namespace(environment="staging"))


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--users", "5,10", "--arrivals", "0", "--stage-seconds", "7.5"),
        ("--soak", "24", "--host", "one", "--application", "shop", "--scenario", "/a b/load.py"),
        ("--single-process",),
    ],
)
def test_LOAD_03_a_detached_test_is_the_same(words: tuple[str, ...]) -> None:
    options = parsed(*words, "--detach")
    same = vars(parsed(*again(options)))
    assert same == {**vars(options), "detach": False, "yes": "staging"}
