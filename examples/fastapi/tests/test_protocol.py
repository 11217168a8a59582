"""Answers leave in one piece, and streams still wait for slow readers."""

import asyncio
import unittest

from app.protocol import SIZE, Joined


class Recorder:
    def __init__(self):
        self.written = []
        self.closed = False

    def write(self, data):
        assert not self.closed
        self.written.append(data)

    def close(self):
        self.closed = True

    def is_closing(self):
        return self.closed


class JoinedWrites(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.inner = Recorder()

    async def test_head_and_body_are_one_write(self):
        joined = Joined(self.inner)
        joined.write(b"head ")
        joined.write(b"body")
        self.assertEqual(self.inner.written, [])
        await asyncio.sleep(0)
        self.assertEqual(self.inner.written, [b"head body"])
        joined.write(b"next")
        await asyncio.sleep(0)
        self.assertEqual(self.inner.written, [b"head body", b"next"])

    async def test_what_waits_is_written_before_a_close(self):
        joined = Joined(self.inner)
        joined.write(b"last words")
        joined.close()
        await asyncio.sleep(0)
        self.assertEqual(self.inner.written, [b"last words"])
        self.assertTrue(joined.is_closing())

    async def test_a_stream_that_never_pauses_reaches_the_transport(self):
        joined = Joined(self.inner)
        for _ in range(3):
            joined.write(b"x" * SIZE)
        self.assertGreaterEqual(sum(map(len, self.inner.written)), 2 * SIZE)
        await asyncio.sleep(0)
        self.assertEqual(sum(map(len, self.inner.written)), 3 * SIZE)
