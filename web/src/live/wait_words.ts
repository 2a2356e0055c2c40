// What a run waits for, in words.
import type { WaitTexts } from "../text/live_texts";
import { printable } from "../text/printable";
import { clock } from "../view/clock";
import type { Wait } from "./answers";

/** Answers that take less time are not worth a word, in milliseconds. */
const LONG_ANSWER = 3_000;
/** From here on a wait is shown with the instant of its end, not with the time that is left, in milliseconds. */
const LONG_WAIT = 600_000;

/** The moment at which words are chosen, and the zone of the times in them. */
export interface WaitMoment {
  now: number;
  offsetMinutes: number;
}

/** The words; `null` for a wait that is not worth any. A wait of a kind that this page does not know is named as it is. */
export function waitWords(wait: Wait, t: WaitTexts, moment: WaitMoment): string | null {
  const at = (time: string | null | undefined) => (time ? clock(Date.parse(time), moment.offsetMinutes) : "");
  const when = (time: string | null | undefined) => {
    const left = Date.parse(time ?? "") - moment.now;
    return left < LONG_WAIT ? t.in(Math.max(0, Math.ceil(left / 1000))) : t.at(at(time));
  };
  const host = printable(wait.host ?? wait.connection ?? "");
  const operation = printable(wait.operation ?? "");
  switch (wait.what) {
    case "window":
      return t.window(t.at(printable(wait.wall ?? at(wait.until))));
    case "login":
      return wait.again_at ? t.loginFailed(host, troubleText(wait.trouble), when(wait.again_at)) : t.login(host);
    case "unreachable":
      return t.unreachable(host, printable(wait.why ?? ""), when(wait.until));
    case "retry_after":
      return t.retryAfter(operation, at(wait.until));
    case "throttled":
      return t.throttled(operation, when(wait.until));
    case "back_off":
      return t.backOff(wait.rows ?? 0, when(wait.until));
    case "lookup_delay":
      return t.lookupDelay(wait.rows ?? 0, when(wait.until));
    case "looks_up":
      return t.looksUp(wait.calls ?? 0);
    case "until":
      return t.until(wait.rows ?? 0, when(wait.until));
    case "answers": {
      const waited = moment.now - Date.parse(wait.since ?? "");
      return waited >= LONG_ANSWER ? t.answers(wait.calls ?? 0, Math.floor(waited / 1000)) : null;
    }
    default:
      return printable(wait.what);
  }
}

/** Why a login failed: a text, or an object that holds one. */
function troubleText(trouble: unknown): string {
  if (typeof trouble === "string") return printable(trouble);
  if (trouble === null || typeof trouble !== "object") return "";
  return printable(Object.values(trouble).filter((part) => typeof part === "string").join(": "));
}
