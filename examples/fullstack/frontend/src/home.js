export async function text() {
  const answer = await fetch("/api/greeting?name=reader");
  const { text, release } = await answer.json();
  return `${text} This is ${release}.`;
}
