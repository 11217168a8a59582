import { useState } from "react";
import { ask } from "./api.js";

/** An account is made, or entered where there is one. */
export function SignIn({ done }) {
  const [problem, setProblem] = useState("");
  async function submit(event) {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    try {
      const path = event.nativeEvent.submitter?.name === "new" ? "/accounts" : "/login";
      done((await ask(path, given)).email);
    } catch (error) {
      setProblem(error.message);
    }
  }
  return (
    <form onSubmit={submit}>
      <input name="email" type="email" placeholder="email" required />
      <input name="password" type="password" placeholder="password" required />
      <button id="sign-in">Sign in</button> <button id="sign-up" name="new">New account</button>
      <p role="alert">{problem}</p>
    </form>
  );
}
