// What is shown without a session: a field for a link. The place in the address stays, so that the link leads to it.
import { useEffect, useRef, useState } from "preact/hooks";
import { useLiveTexts } from "../text/live_texts";
import { Coded } from "../view/coded";
import { tokenIn } from "./live_place";

export function Door({ problem, onToken }: { problem: string; onToken: (token: string) => void }) {
  const t = useLiveTexts();
  const [link, setLink] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const enter = (event: Event) => {
    event.preventDefault();
    onToken(tokenIn(link));
    setLink("");
  };
  return (
    <section class="card door" aria-labelledby="door-title">
      {problem !== "" && <p class="problem" role="alert"><Coded text={problem} /></p>}
      <h1 id="door-title">{t.door.title}</h1>
      <p class="quiet"><Coded text={t.door.how} /></p>
      <form onSubmit={enter}>
        <label>
          {t.door.link}
          <input
            ref={field}
            id="link"
            required
            autocomplete="off"
            spellcheck={false}
            value={link}
            onInput={(event) => setLink(event.currentTarget.value)}
          />
        </label>
        <button class="main">{t.door.open}</button>
      </form>
    </section>
  );
}
