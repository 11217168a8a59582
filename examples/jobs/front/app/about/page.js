export default function About() {
  return <p id="about">Jobs, and who offers them.</p>;
}
