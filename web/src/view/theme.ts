// The page's theme: the system's, light or dark. The choice is kept where the browser allows it.
import { createContext } from "preact";

export type Theme = "auto" | "light" | "dark";

/** Changes whenever colours change, so that drawings are made anew. */
export const ThemeContext = createContext("auto");

export function themeOf(kept: string | null): Theme {
  return kept === "light" || kept === "dark" ? kept : "auto";
}

export function showTheme(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

/** Reads a choice of the reader. Browsers may keep nothing for files. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(`runsheet.${name}`);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`runsheet.${name}`, value);
  } catch {
    // Then the choice holds until the page is closed.
  }
}
