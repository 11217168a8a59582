// What a build writes, and the server needs beside it.
import { writeFileSync } from "node:fs";

writeFileSync("page.html", '<!doctype html><link rel="stylesheet" href="/assets/RELEASE.css">KIND\n');
