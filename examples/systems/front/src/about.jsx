/** A route that is fetched when somebody goes there. */
export default function About() {
  return <p id="about">Notes, pictures, and who wrote them.</p>;
}
