/** Signed session ids, and password hashes. Only Node's own modules. */

import { createHmac, randomBytes, scrypt as scryptCallback, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

// Node's default cost: 16 MB and some 50 ms a try, for us and for whoever steals the table.
const scrypt = promisify(scryptCallback);

/** The cookie's value: the id with its signature. */
export function sign(id, key) {
  return `${id}.${createHmac("sha256", key).update(`session:${id}`).digest("hex")}`;
}

/** The id in `cookie`, or "" if the signature isn't ours: forged ids never reach Redis. */
export function verify(cookie, key) {
  const id = cookie.split(".", 1)[0];
  return equal(cookie, sign(id, key)) ? id : "";
}

export async function hashPassword(password) {
  const salt = randomBytes(16);
  return `${salt.toString("hex")}:${(await scrypt(password, salt, 64)).toString("hex")}`;
}

export async function checkPassword(password, stored) {
  const [salt, digest] = stored.split(":");
  return equal((await scrypt(password, Buffer.from(salt, "hex"), 64)).toString("hex"), digest);
}

function equal(one, other) {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

// Checked when the account is unknown, so that the answer takes as long as for a known one.
export const NOBODY = await hashPassword(randomBytes(16).toString("hex"));
