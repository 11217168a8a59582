/** Reads migration files. */

export const inTransaction = (sql) => !sql.startsWith("-- no transaction");

/** The statements of a file; each ends with a semicolon at the end of a line. */
export function statements(sql) {
  return sql
    .replace(/^\s*--.*\n/gm, "")
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter(Boolean);
}
