import { useEffect, useState } from "react";
import { ask } from "./api.js";

/** The latest, and a form for one more. */
export function Notes({ to }) {
  const [notes, setNotes] = useState([]);
  useEffect(() => void ask("/notes").then(setNotes), []);
  async function submit(event) {
    event.preventDefault();
    const form = event.target;
    const note = await ask("/notes", { text: form.text.value });
    setNotes([note, ...notes]);
    form.reset();
  }
  return (
    <>
      <form onSubmit={submit}>
        <input name="text" placeholder="a note" required /> <button id="add">Add</button>
      </form>
      <ul>
        {notes.map(({ id, text }) => (
          <li key={id}><a className="note" href={`/notes/${id}`} onClick={to}>{text}</a></li>
        ))}
      </ul>
    </>
  );
}

/** One, which has an address of its own. */
export function Note({ id }) {
  const [note, setNote] = useState();
  useEffect(() => void ask(`/notes/${id}`).then(setNote), [id]);
  return note ? <blockquote id="note">{note.text}</blockquote> : "Loading …";
}
