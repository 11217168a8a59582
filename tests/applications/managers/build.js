// Needs what is gone when the release runs.
const isNumber = require("is-number");
const about = { agent: process.env.npm_config_user_agent, built: isNumber(1) };
require("node:fs").writeFileSync("built.json", JSON.stringify(about));
