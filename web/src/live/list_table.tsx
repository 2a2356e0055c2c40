// The runs of the list as a table; on a narrow screen each row of it is a card.
import { OUTCOMES } from "../data/types";
import { grouped, useTexts } from "../text/language";
import { useLiveTexts } from "../text/live_texts";
import { printable } from "../text/printable";
import { clock } from "../view/clock";
import type { ListedRun } from "./answers";
import { StateWord } from "./state_word";

export function ListTable({ runs }: { runs: ListedRun[] }) {
  const t = useLiveTexts();
  const { list } = t;
  const heads = [list.state, list.run, list.started, list.kind, list.playbook, list.environment, list.rows, list.outcomes];
  return (
    <table class="runs" role="table">
      <caption class="hidden">{list.caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {heads.map((head) => <th scope="col" role="columnheader" class={head === list.rows ? "numeric" : ""} key={head}>{head}</th>)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {runs.map((run) => <RunRow run={run} key={run.run_id} />)}
      </tbody>
    </table>
  );
}

function RunRow({ run }: { run: ListedRun }) {
  const t = useLiveTexts();
  return (
    <tr role="row">
      <td role="cell" class="state"><StateWord state={run.state} /></td>
      <td role="cell" class="id">
        <RunLink run={run.run_id} />
        {run.earlier_run !== null && <span class="from">{t.list.madeFrom} <RunLink run={run.earlier_run} /></span>}
        {run.lost !== null && <p class="problem">{printable(run.lost)}</p>}
      </td>
      <td role="cell"><time dateTime={run.started_at}>{localTime(run.started_at)}</time></td>
      <td role="cell" class="deed">{t.kind[run.kind] ?? run.kind}</td>
      <td role="cell" class="name"><bdi>{printable(run.playbook)}</bdi></td>
      <td role="cell" class="where"><bdi>{printable(run.environment)}</bdi></td>
      <td role="cell" class="numeric" data-name={t.list.rows}>{grouped(run.rows.total)}</td>
      <td role="cell"><Outcomes run={run} /></td>
    </tr>
  );
}

function RunLink({ run }: { run: string }) {
  return <a href={`#run=${run}`}><code>{run}</code></a>;
}

function Outcomes({ run }: { run: ListedRun }) {
  const [t, words] = [useLiveTexts(), useTexts()];
  const counted = OUTCOMES.filter((outcome) => run.rows[outcome] > 0);
  return (
    <span class="outcomes">
      {counted.map((outcome) => (
        <span class={`tag ${outcome}`} key={outcome}>{grouped(run.rows[outcome])} {words.outcome[outcome]}</span>
      ))}
      {run.open_rows > 0 && <span class="quiet">{t.list.unfinished(run.open_rows)}</span>}
    </span>
  );
}

/** A time in the zone of the reader. */
function localTime(text: string): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : clock(ms, -new Date(ms).getTimezoneOffset(), true);
}
