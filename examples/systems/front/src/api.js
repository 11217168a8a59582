// Where the API is: the page's own host, or another one that was named when it was built.
const BASE = import.meta.env.VITE_API_BASE ?? "";

/** What the API answers; throws its words. */
export async function ask(path, body, type = "application/json") {
  const answer = await fetch(`${BASE}/api${path}`, {
    credentials: "include",
    ...(body && {
      method: "POST",
      body: type === "application/json" ? JSON.stringify(body) : body,
      headers: { "Content-Type": type },
    }),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail);
  return said;
}

/** The address of an upload. */
export const address = (url) => BASE + url;
