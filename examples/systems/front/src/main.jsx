import { Suspense, lazy, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { ask } from "./api.js";
import { Note, Notes } from "./notes.jsx";
import { SignIn } from "./sign-in.jsx";
import { Upload } from "./upload.jsx";

const About = lazy(() => import("./about.jsx"));

function App() {
  const [path, go] = useState(location.pathname);
  const [email, setEmail] = useState();
  useEffect(() => {
    ask("/me").then((me) => setEmail(me.email), () => setEmail(""));
    const back = () => go(location.pathname);
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  const to = (event) => {
    event.preventDefault();
    history.pushState(null, "", event.currentTarget.href);
    go(location.pathname);
  };
  const note = /^\/notes\/([\w-]+)$/.exec(path)?.[1];
  return (
    <>
      <nav>
        <a href="/" onClick={to}>Notes</a> <a id="to-about" href="/about" onClick={to}>About</a>{" "}
        {email && <span id="who">{email}</span>}
      </nav>
      <Suspense fallback="Loading …">
        {path === "/about" && <About />}
        {path !== "/about" && email === "" && <SignIn done={setEmail} />}
        {email && note && <Note id={note} />}
        {email && path === "/" && <><Notes to={to} /><Upload /></>}
      </Suspense>
    </>
  );
}

createRoot(document.querySelector("#root")).render(<App />);
