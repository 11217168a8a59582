export async function text() {
  return "There is no such page.";
}
