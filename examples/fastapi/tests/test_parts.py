"""The parts that decide something by themselves."""

import io
import json
import logging
import tempfile
import unittest
from pathlib import Path

from app import logs, migrate, sessions, settings, uploads


class Settings(unittest.TestCase):
    def test_a_missing_secret_key_stops_all_but_development(self):
        self.assertTrue(settings.load({}).secret_key)
        with self.assertRaisesRegex(SystemExit, "SECRET_KEY"):
            settings.load({"ENVIRONMENT": "staging"})

    def test_secrets_are_not_shown(self):
        shown = repr(
            settings.load({"SECRET_KEY": "s3cret", "DATABASE_URL": "postgresql://a:s3cret@b/c"})
        )
        self.assertNotIn("s3cret", shown)

    def test_the_instance_is_named_after_its_socket(self):
        self.assertEqual(
            settings.load({"SOCKET": "/run/app/blue/web-1.sock"}).instance, "blue/web-1"
        )


class Sessions(unittest.TestCase):
    def test_only_our_own_signature_is_accepted(self):
        cookie = sessions.sign("abc", "key")
        self.assertEqual(sessions.verify(cookie, "key"), "abc")
        for forged in (
            cookie[:-1],
            cookie + "0",
            "abc",
            "",
            ".",
            "é.é",
            cookie.replace("abc", "abd"),
        ):
            self.assertEqual(sessions.verify(forged, "key"), "", forged)
        self.assertEqual(sessions.verify(cookie, "another key"), "")

    def test_passwords(self):
        stored = sessions.hash_password("correct horse")
        self.assertTrue(sessions.check_password("correct horse", stored))
        self.assertFalse(sessions.check_password("correct house", stored))
        self.assertNotEqual(stored, sessions.hash_password("correct horse"))


class Uploads(unittest.TestCase):
    def test_a_client_chooses_no_name_and_no_script(self):
        self.assertRegex(uploads.stored_name("../../photo.JPG"), r"^[0-9a-f]{32}\.jpg$")
        for name in ("page.html", "image.svg", "x.js", "", ".htaccess", "a.png/../b.html"):
            self.assertRegex(uploads.stored_name(name), r"^[0-9a-f]{32}\.bin$")

    def test_half_a_file_is_never_seen(self):
        class Broken(io.BytesIO):
            def read(self, size=-1):
                raise OSError("gone")

        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "a.txt"
            with self.assertRaises(OSError):
                uploads.store(Broken(), target)
            self.assertEqual(list(Path(folder).iterdir()), [])
            self.assertEqual(uploads.store(io.BytesIO(b"abc"), target), 3)
            self.assertEqual([file.name for file in Path(folder).iterdir()], ["a.txt"])


class Migrations(unittest.TestCase):
    def test_statements_are_split_at_the_end_of_a_line(self):
        sql = (
            "-- no transaction\n-- why; because\n"
            "DROP INDEX a;\nCREATE INDEX b\n  ON c (d || ';' || e);\n"
        )
        self.assertFalse(migrate.in_transaction(sql))
        self.assertEqual(
            migrate.statements(sql), ["DROP INDEX a", "CREATE INDEX b\n  ON c (d || ';' || e)"]
        )

    def test_an_index_is_built_without_locking_and_can_be_built_again(self):
        for path in migrate.FOLDER.glob("*.sql"):
            sql = path.read_text()
            if "CREATE INDEX" in sql:
                self.assertFalse(migrate.in_transaction(sql), path)
                drop, create = migrate.statements(sql)
                self.assertTrue(drop.startswith("DROP INDEX CONCURRENTLY IF EXISTS"), path)
                self.assertTrue(create.startswith("CREATE INDEX CONCURRENTLY"), path)


class Logs(unittest.TestCase):
    def test_a_line_is_one_json_object_whatever_it_says(self):
        try:
            raise ValueError("two\nlines")
        except ValueError as error:
            info = (type(error), error, error.__traceback__)
        record = logging.LogRecord("app", logging.ERROR, __file__, 1, "a\nb %s", ("c",), info)
        record.fields = {"path": Path("/x")}
        line = logs.JsonFormatter().format(record)
        self.assertNotIn("\n", line)
        parsed = json.loads(line)
        self.assertEqual((parsed["message"], parsed["path"]), ("a\nb c", "/x"))
        self.assertIn("ValueError", parsed["exception"])
