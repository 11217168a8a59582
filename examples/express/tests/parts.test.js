/** The parts that decide something by themselves. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { credentials } from "../src/accounts.js";
import { newItem } from "../src/items.js";
import { checkPassword, hashPassword, sign, verify } from "../src/sessions.js";
import { load } from "../src/settings.js";
import { inTransaction, statements } from "../src/sql.js";
import { storedName } from "../src/uploads.js";

test("a missing secret key stops all but development", () => {
  assert.ok(load({}).secretKey);
  assert.throws(() => load({ ENVIRONMENT: "staging" }), /SECRET_KEY/);
});

test("a number that is none is refused by its name", () => {
  assert.throws(() => load({ DATABASE_POOL_SIZE: "many" }), /DATABASE_POOL_SIZE.*many/);
  assert.throws(() => load({ DATABASE_POOL_SIZE: "0" }), /DATABASE_POOL_SIZE/);
  assert.equal(load({ CACHE_TTL: "0" }).cacheTtl, 0);
});

test("the instance is named after its socket", () => {
  assert.equal(load({ SOCKET: "/run/app/blue/web-1.sock" }).instance, "blue/web-1");
});

test("only our own signature is accepted", () => {
  const cookie = sign("abc", "key");
  assert.equal(verify(cookie, "key"), "abc");
  for (const forged of [cookie.slice(0, -1), `${cookie}0`, "abc", "", ".", "é.é", cookie.replace("abc", "abd")]) {
    assert.equal(verify(forged, "key"), "", forged);
  }
  assert.equal(verify(cookie, "another key"), "");
});

test("passwords", async () => {
  const stored = await hashPassword("correct horse");
  assert.equal(await checkPassword("correct horse", stored), true);
  assert.equal(await checkPassword("correct house", stored), false);
  assert.notEqual(stored, await hashPassword("correct horse"));
});

test("a client chooses no file name and no script", () => {
  assert.match(storedName("../../photo.JPG"), /^[0-9a-f]{32}\.jpg$/);
  for (const name of ["page.html", "image.svg", "x.js", "", ".htaccess", "a.png/../b.html"]) {
    assert.match(storedName(name), /^[0-9a-f]{32}\.bin$/);
  }
});

test("what a client sends is checked, whatever its type", () => {
  assert.deepEqual(newItem({ name: "a" }), { name: "a", description: "" });
  for (const body of [undefined, {}, { name: "" }, { name: 1 }, { name: "a".repeat(101) }, { name: "a", description: [] }]) {
    assert.throws(() => newItem(body), { status: 422 });
  }
  assert.equal(credentials({ email: "A@b.c", password: "x".repeat(12) }).email, "a@b.c");
  for (const body of [undefined, { email: "a@b.c" }, { email: ["a@b.c"], password: "x".repeat(12) }, { email: "a b@c" }]) {
    assert.throws(() => credentials(body), { status: 422 });
  }
});

test("statements are split at the end of a line", () => {
  const sql = "-- no transaction\n-- why; because\nDROP INDEX a;\nCREATE INDEX b\n  ON c (d || ';' || e);\n";
  assert.equal(inTransaction(sql), false);
  assert.deepEqual(statements(sql), ["DROP INDEX a", "CREATE INDEX b\n  ON c (d || ';' || e)"]);
});

test("an index is built without locking and can be built again", () => {
  const files = readdirSync("migrations").map((name) => readFileSync(`migrations/${name}`, "utf8"));
  const indexes = files.filter((sql) => sql.includes("CREATE INDEX"));
  assert.ok(indexes.length > 0);
  for (const sql of indexes) {
    assert.equal(inTransaction(sql), false);
    const [drop, create] = statements(sql);
    assert.match(drop, /^DROP INDEX CONCURRENTLY IF EXISTS/);
    assert.match(create, /^CREATE INDEX CONCURRENTLY/);
  }
});
