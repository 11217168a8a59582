import { useState } from "react";
import { address, ask } from "./api.js";

/** A picture: kept by the API, shown from where it is kept. */
export function Upload() {
  const [url, setUrl] = useState("");
  async function change({ target }) {
    const file = target.files[0];
    const kept = await ask(`/uploads?name=${encodeURIComponent(file.name)}`, file, file.type);
    setUrl(address(kept.url));
  }
  return (
    <p>
      <input id="file" type="file" onChange={change} /> {url && <img id="picture" src={url} alt="" width="64" />}
    </p>
  );
}
