// Asks in a dialog before something is sent.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useLiveTexts } from "../text/live_texts";
import { Coded } from "../view/coded";

export interface Question {
  text: string;
  /** The word of the button that agrees. */
  yes: string;
  /** A value that is asked for: what it is called, and an example. */
  value?: { name: string; example: string };
}

interface QuestionProps {
  question: Question;
  /** Called with the value, or with an empty text where none is asked for. */
  onYes: (value: string) => void;
  onClose: () => void;
}

export function QuestionDialog({ question, onYes, onClose }: QuestionProps) {
  const t = useLiveTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const [value, setValue] = useState("");
  useLayoutEffect(() => {
    const found = dialog.current;
    if (found && !found.open) found.showModal();
  }, []);
  const agree = (event: Event) => {
    event.preventDefault();
    onYes(value.trim());
    dialog.current?.close();
  };
  return (
    <dialog ref={dialog} class="question" aria-labelledby="question-text" onClose={onClose}>
      <form onSubmit={agree}>
        <p id="question-text"><Coded text={question.text} /></p>
        {question.value && (
          <label>
            {question.value.name}
            <input
              required
              value={value}
              placeholder={question.value.example}
              autocomplete="off"
              onInput={(event) => setValue(event.currentTarget.value)}
            />
          </label>
        )}
        <div class="buttons">
          <button class="main">{question.yes}</button>
          <button type="button" autofocus={!question.value} onClick={() => dialog.current?.close()}>{t.ask.leave}</button>
        </div>
      </form>
    </dialog>
  );
}
