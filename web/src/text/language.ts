// The page's language: chosen by its reader, else the one that the report was made in, else the browser's.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { EN, ZH, type Texts } from "./texts";

export type Language = "en" | "zh";

export const LanguageContext = createContext<Language>("en");

export function textsOf(language: Language): Texts {
  return language === "zh" ? ZH : EN;
}

/** The texts in the language of the page. */
export function useTexts(): Texts {
  return textsOf(useContext(LanguageContext));
}

/** The language to start with. `made` is the language the report was made in; empty if nobody chose one. */
export function firstLanguage(kept: string | null, made: string, browser: string): Language {
  for (const wish of [kept, made]) {
    if (wish === "en" || wish === "zh") return wish;
  }
  return browser.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** A number with its thousands grouped. */
export function grouped(number: number): string {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ",");
}
