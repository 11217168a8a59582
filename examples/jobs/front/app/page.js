"use client";

import Link from "next/link";
import { useEffect, useState } from "react";
import { ask } from "./api";

export default function Home() {
  const [email, setEmail] = useState();
  const [problem, setProblem] = useState("");
  useEffect(() => void ask("/me").then((me) => setEmail(me.email), () => setEmail("")), []);

  async function enter(event) {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    try {
      const path = event.nativeEvent.submitter?.name === "new" ? "/accounts" : "/login";
      setEmail((await ask(path, given)).email);
    } catch (error) {
      setProblem(error.message);
    }
  }

  if (email) return <Jobs email={email} />;
  if (email === undefined) return "Loading …";
  return (
    <form onSubmit={enter}>
      <input name="email" type="email" placeholder="email" required />
      <input name="password" type="password" placeholder="password" required />
      <button id="sign-in">Sign in</button> <button id="sign-up" name="new">New account</button>
      <p role="alert">{problem}</p>
    </form>
  );
}

function Jobs({ email }) {
  const [notes, setNotes] = useState([]);
  const [picture, setPicture] = useState("");
  useEffect(() => void ask("/notes").then(setNotes), []);

  async function add(event) {
    event.preventDefault();
    const form = event.target;
    const note = await ask("/notes", { text: form.text.value });
    setNotes([note, ...notes]);
    form.reset();
  }
  async function upload({ target }) {
    const file = target.files[0];
    const kept = await ask(`/uploads?name=${encodeURIComponent(file.name)}`, file, file.type);
    setPicture(kept.url);
  }
  return (
    <>
      <p id="who">{email}</p>
      <form onSubmit={add}>
        <input name="text" placeholder="a job" required /> <button id="add">Add</button>
      </form>
      <ul>
        {notes.map(({ id, text }) => (
          <li key={id}><Link className="note" href={`/notes/${id}`} prefetch={false}>{text}</Link></li>
        ))}
      </ul>
      <p>
        <input id="file" type="file" onChange={upload} /> {picture && <img id="picture" src={picture} alt="" width="64" />}
      </p>
    </>
  );
}
