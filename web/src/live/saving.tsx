// Buttons that save the report in each form, and the row files that are there.
import { useEffect, useState } from "preact/hooks";
import { useLiveTexts } from "../text/live_texts";
import { AnswerError, type Server } from "./server";
import { told } from "./told";

const FORMS = [["html", "HTML"], ["csv", "CSV"], ["junit", "JUnit"], ["markdown", "Markdown"], ["json", "JSON"]] as const;

interface SavingProps {
  server: Server;
  address: string;
  /** The state of the run; the files are listed again when it changes. */
  state: string | null;
}

export function Saving({ server, address, state }: SavingProps) {
  const t = useLiveTexts();
  const [files, setFiles] = useState<string[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    if (state === null) return;
    const ending = new AbortController();
    server.json<{ files: string[] }>(`${address}/files`, ending.signal).then(
      (list) => setFiles(list.files),
      // That the server does not answer is told above.
      (error: unknown) => ending.signal.aborted || (error instanceof AnswerError && error.status === 0) || setProblem(error),
    );
    return () => ending.abort();
  }, [server, address, state]);
  const save = (path: string) => {
    setProblem(null);
    server.save(`${address}/${path}`).catch(setProblem);
  };
  return (
    <section class="card saving" aria-labelledby="save-title">
      <h2 id="save-title">{t.run.save}</h2>
      {problem !== null && <p class="problem" role="alert">{told(problem, t)}</p>}
      <div class="buttons">
        {FORMS.map(([form, name]) => (
          <button type="button" key={form} onClick={() => save(`report/${form}`)}>{t.run.report(name)}</button>
        ))}
      </div>
      {files.length > 0 && <h3>{t.run.saved}</h3>}
      <div class="buttons">
        {files.map((name) => <button type="button" key={name} onClick={() => save(`files/${name}`)}>{name}</button>)}
      </div>
    </section>
  );
}
