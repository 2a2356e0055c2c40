// An error in words for people.
import type { LiveTexts } from "../text/live_texts";
import { printable } from "../text/printable";
import { AnswerError, CutAnswer } from "./server";

export function told(error: unknown, t: LiveTexts): string {
  if (error instanceof CutAnswer) return t.cut;
  if (error instanceof AnswerError && error.status === 0) return t.noAnswer;
  return printable(error instanceof Error ? error.message : String(error));
}
