"use client";

import { useParams } from "next/navigation";
import { useEffect, useState } from "react";
import { ask } from "../../api";

export default function Note() {
  const { id } = useParams();
  const [note, setNote] = useState();
  useEffect(() => void ask(`/notes/${id}`).then(setNote), [id]);
  return note ? <blockquote id="note">{note.text}</blockquote> : "Loading …";
}
