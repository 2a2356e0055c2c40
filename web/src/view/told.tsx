// Sentences of runsheet and of provider files, which a story holds in English.
import { useContext } from "preact/hooks";
import type { Moment, Rule } from "../data/story";
import type { Head } from "../data/types";
import { LanguageContext, useTexts } from "../text/language";
import { printable } from "../text/printable";
import { Coded } from "./coded";

/** A sentence in the language of the page; in English where the page has no other. */
export function Told({ text, head }: { text: string; head: Head }) {
  const chinese = useContext(LanguageContext) === "zh" && Object.hasOwn(head.chinese, text) ? head.chinese[text] : undefined;
  return <span lang={chinese === undefined ? "en" : "zh-CN"}><Coded text={printable(chinese ?? text)} /></span>;
}

/** What limits a story: a sentence, which a detail may follow. */
export function ToldLimit({ text, head }: { text: string; head: Head }) {
  const { colon } = useTexts();
  const detail = text.indexOf(": ");
  if (detail < 0) return <Told text={text} head={head} />;
  return <><Told text={text.slice(0, detail)} head={head} />{colon}<bdi lang="en">{printable(text.slice(detail + 2))}</bdi></>;
}

/** What the rule is that decided a moment. */
export function ToldRule({ rule, moment }: { rule: Rule; moment: Moment }) {
  const told = useTexts().story.rule;
  const tell = Object.hasOwn(told, rule.kind) ? told[rule.kind] : undefined;
  if (!tell) return <span lang="en"><Coded text={printable(rule.what)} /></span>;
  return <Coded text={printable(tell(moment.code ?? "", moment.disposition ?? "", moment.operation ?? ""))} />;
}
