// The story of a row: its cells, how it stands, and what happened step by step, beside the playbook's lines.
import { useContext, useState } from "preact/hooks";
import type { Moment, NamedValue, Story, StoryStep } from "../data/story";
import type { Head } from "../data/types";
import { useTexts } from "../text/language";
import { beginning, printable, valueText } from "../text/printable";
import { clock } from "./clock";
import { MomentView } from "./moment";
import { RunContext } from "./run_context";
import { Told, ToldLimit } from "./told";

/** The most characters of a message that are shown at once; all of it stands in the JSON. */
const LONGEST = 20_000;

export function StoryView({ story, head }: { story: Story; head: Head }) {
  const t = useTexts();
  const { state, row } = story;
  return (
    <>
      {row.invalid !== undefined && <p class="problem">{printable(row.invalid)}</p>}
      {state.message !== undefined && state.message !== "" && (
        <blockquote class="said" dir="auto">
          {state.code !== undefined && <code>{printable(state.code)}</code>} {printable(beginning(state.message, LONGEST))}
        </blockquote>
      )}
      {story.notes.map((note) => <p class="note" key={note}><ToldLimit text={note} head={head} /></p>)}
      {story.next.length > 0 && (
        <div class="next">
          <h3>{t.story.next_step}</h3>
          {story.next.map((step) => (
            <div key={step.command}>
              <p><Told text={step.what} head={head} /></p>
              <div class="command" data-copy=""><code>{step.command}</code></div>
            </div>
          ))}
        </div>
      )}
      <Values title={t.story.cells} values={row.cells} />
      <Timeline story={story} head={head} />
      <Values title={t.story.results} values={state.results} />
      {story.elsewhere.length > 0 && <h3>{t.story.elsewhere}</h3>}
      {story.elsewhere.map((other) => (
        <p key={other.run_id}>
          <RunId run={other.run_id} /> · {t.story.run_kind[other.kind] ?? other.kind}
          {other.outcome && <> · <span class={`tag ${other.outcome}`}>{t.outcome[other.outcome]}</span></>}
          {other.problem !== undefined && <span class="quiet"> {printable(other.problem)}</span>}
        </p>
      ))}
      <Raw story={story} />
    </>
  );
}

/** Everything as JSON, once it is asked for. */
function Raw({ story }: { story: Story }) {
  const t = useTexts();
  const [open, setOpen] = useState(false);
  return (
    <details class="raw" onToggle={(event) => setOpen((event.currentTarget as HTMLDetailsElement).open)}>
      <summary>{t.story.raw}</summary>
      {open && <pre tabIndex={0}>{printable(JSON.stringify(story, null, 2))}</pre>}
    </details>
  );
}

/** The id of another run; a link where the page can show it. */
function RunId({ run }: { run: string }) {
  const { links } = useContext(RunContext);
  return links ? <a href={`#run=${run}`}><code>{run}</code></a> : <code>{run}</code>;
}

/** Named values as a list; nothing if there is none. */
export function Values({ title, values }: { title: string; values: NamedValue[] }) {
  if (values.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <dl class="values">
        {values.map((one) => (
          <div key={one.name}>
            <dt>{printable(one.name)}</dt>
            <dd><bdi>{valueText(one.value)}</bdi><Cut from={one.cut_from} /></dd>
          </div>
        ))}
      </dl>
    </>
  );
}

export function Cut({ from }: { from: number | undefined }) {
  const t = useTexts();
  return from === undefined ? null : <span class="quiet"> {t.story.cut(from)}</span>;
}

/** The moments in order, each group of one step beside that step's lines in the playbook. */
function Timeline({ story, head }: { story: Story; head: Head }) {
  const t = useTexts();
  const groups: { step: StoryStep | null; moments: Moment[] }[] = [];
  for (const moment of story.timeline) {
    const step = story.steps.find((one) => one.id === moment.step) ?? null;
    const last = groups.at(-1);
    if (last && last.step === step) last.moments.push(moment);
    else groups.push({ step, moments: [moment] });
  }
  const told = new Set<string>();
  return (
    <div class="timeline">
      <h3>{t.story.timeline}</h3>
      {groups.map(({ step, moments }, at) => {
        const repeated = step !== null && told.has(step.id);
        if (step) told.add(step.id);
        return (
          <section class="episode" key={at}>
            {step && (
              <div class="beside">
                <p><strong><code>{step.id}</code></strong> <span class="quiet"><bdi>{step.operation}</bdi></span></p>
                {!repeated && <PlaybookLines step={step} />}
              </div>
            )}
            <ol>
              {moments.map((moment, index) => (
                <li key={index}>
                  <time dateTime={moment.at}>{clock(Date.parse(moment.at), head.offset_minutes)}</time>
                  <MomentView moment={moment} head={head} />
                </li>
              ))}
            </ol>
          </section>
        );
      })}
      {story.left_out > 0 && <p class="quiet">{t.story.left_out(story.left_out)}</p>}
    </div>
  );
}

/** A step's lines in the playbook, with their numbers. */
function PlaybookLines({ step }: { step: StoryStep }) {
  return (
    <>
      <p class="quiet place">{printable(step.file)}:{step.line}</p>
      <pre class="lines" tabIndex={0}>
        {step.lines.map((line, at) => (
          <span key={at}><i aria-hidden="true">{step.line + at}</i>{printable(line)}{"\n"}</span>
        ))}
      </pre>
    </>
  );
}
