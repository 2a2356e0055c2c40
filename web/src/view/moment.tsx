// One moment of a story: an attempt with its request, its waits and its answer, or anything else that happened.
import type { Moment, Rule, StoryRequest } from "../data/story";
import type { Head } from "../data/types";
import { useTexts } from "../text/language";
import { printable, valueText } from "../text/printable";
import { clock } from "./clock";
import { duration } from "./numbers";
import { Cut, Values } from "./story";
import { Told, ToldRule } from "./told";

export function MomentView({ moment, head }: { moment: Moment; head: Head }) {
  const t = useTexts();
  const outcome = moment.outcome;
  const tone = moment.end === "lost" ? "unknown" : outcome;
  return (
    <div class="moment">
      <p class="title">
        <strong>{titleOf(moment, t)}</strong>
        {moment.element !== undefined && <span> · {t.story.element(moment.element)}</span>}
        {moment.http_status !== undefined && <code>HTTP {moment.http_status}</code>}
        {moment.disposition !== undefined && <code>{moment.disposition}</code>}
        {moment.verdict !== undefined && <code>{moment.verdict}</code>}
        {moment.code !== undefined && <code>{printable(moment.code)}</code>}
        {tone !== undefined && outcome !== undefined && (
          <span class={`tag ${tone}`}>{t.outcome[outcome as keyof typeof t.outcome] ?? outcome}</span>
        )}
        {moment.took_ms !== undefined && <span class="quiet">{t.story.took} {duration(moment.took_ms)}</span>}
      </p>
      {moment.sent_at !== undefined && (
        <p class="quiet">{t.story.sent} {clock(Date.parse(moment.sent_at), head.offset_minutes)}</p>
      )}
      {moment.waited && moment.waited.length > 0 && (
        <p class="quiet">
          {t.story.waits}{t.colon}
          {moment.waited.map((wait) => `${t.wait[wait.reason] ?? wait.reason} ${duration(wait.ms)}`).join(t.comma)}
        </p>
      )}
      {moment.message !== undefined && moment.message !== "" && <p dir="auto">{printable(moment.message)}</p>}
      {moment.note !== undefined && <blockquote>{printable(moment.note)}</blockquote>}
      {moment.condition && (
        <p>
          <code>{moment.condition.key}: {printable(moment.condition.text)}</code>{" "}
          <span class="quiet">{printable(moment.condition.file)}:{moment.condition.line}</span>
        </p>
      )}
      {moment.rule && <RuleView rule={moment.rule} moment={moment} head={head} />}
      {moment.request && <RequestView request={moment.request} />}
      {moment.answer && (
        <details>
          <summary>{t.story.answer}</summary>
          <pre tabIndex={0}>{valueText(moment.answer.value)}</pre>
          <Cut from={moment.answer.cut_from} />
        </details>
      )}
      {moment.request_id !== undefined && <p class="quiet">{t.story.request_id} <code>{printable(moment.request_id)}</code></p>}
      {moment.outputs && <Values title={t.story.outputs} values={moment.outputs} />}
    </div>
  );
}

/** What happened, in a few words. */
function titleOf(moment: Moment, t: ReturnType<typeof useTexts>): string {
  const named = t.story.what[moment.what] ?? moment.what;
  switch (moment.what) {
    case "attempt": {
      const end = t.story.end[moment.end ?? ""] ?? moment.end ?? "";
      const of = moment.lookup !== undefined ? t.story.lookup : moment.rollback ? t.story.rollback : "";
      const number = moment.attempt === undefined ? "" : t.story.attempt(moment.attempt);
      return [number, of, end].filter((part) => part !== "").join(" · ");
    }
    case "settled":
      return `${named}${t.colon}${printable(moment.who ?? "")}`;
    case "steered": {
      const command = moment.command;
      const value = command?.rate ?? command?.in_flight;
      return `${named}${t.colon}${[t.story.command[command?.what ?? ""] ?? command?.what, value].filter((part) => part !== undefined).join(" ")} (${printable(command?.who ?? "")})`;
    }
    case "imported":
      return `${named} ${moment.from ?? ""}`;
    case "continued_in":
      return `${named} ${moment.run ?? ""}`;
    default:
      return named;
  }
}

/** The rule that decided what an answer means. */
function RuleView({ rule, moment, head }: { rule: Rule; moment: Moment; head: Head }) {
  const t = useTexts();
  return (
    <>
      <p>
        {t.story.decided}{t.colon}<ToldRule rule={rule} moment={moment} />
        {rule.file !== undefined && <code class="place">{printable(rule.file)}{rule.line === undefined ? "" : `:${rule.line}`}</code>}
      </p>
      {rule.means !== undefined && <p><Told text={rule.means} head={head} /></p>}
      {rule.advice !== undefined && <p><Told text={rule.advice} head={head} /></p>}
    </>
  );
}

function RequestView({ request }: { request: StoryRequest }) {
  const t = useTexts();
  return (
    <details>
      <summary>{t.story.request}</summary>
      {request.problem !== undefined && <p class="problem">{printable(request.problem)}</p>}
      <pre tabIndex={0}>
        {`${request.method ?? ""} ${printable(request.address ?? "")}\n`}
        {request.headers.map(([name, value]) => `${printable(name)}: ${printable(value)}\n`).join("")}
        {request.body && `\n${valueText(request.body.value)}`}
      </pre>
      <p class="quiet">{t.story.check[request.check] ?? request.check}</p>
      <Cut from={request.body?.cut_from} />
    </details>
  );
}
