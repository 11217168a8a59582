export async function text() {
  return "A back end and a front end, built from one tag and live in the same instant.";
}
