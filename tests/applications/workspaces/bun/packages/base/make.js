// Generates what the package consists of, when it is installed.
const fs = require("node:fs");

const value = fs.readFileSync("value.txt", "utf8").trim();
fs.writeFileSync("made.js", `module.exports = ${JSON.stringify({ value })};\n`);
