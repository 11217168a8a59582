const { version } = require("ms/package.json");

module.exports = { ...require("base"), ms: version };
