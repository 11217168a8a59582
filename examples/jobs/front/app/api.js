/** What the API answers; throws its words. */
export async function ask(path, body, type = "application/json") {
  const answer = await fetch(`/api${path}`, {
    ...(body && {
      method: "POST",
      body: type === "application/json" ? JSON.stringify(body) : body,
      headers: { "Content-Type": type },
    }),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(typeof said.detail === "string" ? said.detail : "not understood");
  return said;
}
