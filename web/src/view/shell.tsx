// What surrounds every page: its language, its theme, and the switches for them.
import type { ComponentChildren } from "preact";
import { createPortal } from "preact/compat";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { firstLanguage, type Language, LanguageContext, textsOf } from "../text/language";
import { addCopyButtons, copyOnClick, showLanguage } from "./document";
import { usePrinting } from "./hooks";
import { keep, kept, showTheme, type Theme, ThemeContext, themeOf } from "./theme";
import { Tools } from "./tools";

interface ShellProps {
  /** Where the switches stand. */
  tools: HTMLElement;
  /** The language that the page was made in; empty if nobody chose one. */
  made: string;
  children: ComponentChildren;
}

export function Shell({ tools, made, children }: ShellProps) {
  const [language, setLanguage] = useState<Language>(() => firstLanguage(kept("language"), made, navigator.language));
  const [theme, setTheme] = useState<Theme>(() => themeOf(kept("theme")));
  const system = useSystemTheme();
  useLayoutEffect(() => {
    showLanguage(language);
    addCopyButtons(document, textsOf(language));
  }, [language]);
  useLayoutEffect(() => showTheme(theme), [theme]);
  useEffect(copyOnClick, []);
  const printing = usePrinting();
  const shownTheme = printing ? "print" : theme === "auto" ? system : theme;
  const chooseLanguage = (chosen: Language) => {
    setLanguage(chosen);
    keep("language", chosen);
  };
  const chooseTheme = (chosen: Theme) => {
    setTheme(chosen);
    keep("theme", chosen);
  };
  return (
    <LanguageContext.Provider value={language}>
      <ThemeContext.Provider value={shownTheme}>
        {createPortal(
          <Tools language={language} theme={theme} onLanguage={chooseLanguage} onTheme={chooseTheme} />,
          tools,
        )}
        {children}
      </ThemeContext.Provider>
    </LanguageContext.Provider>
  );
}

function useSystemTheme(): string {
  const [dark] = useState(() => window.matchMedia("(prefers-color-scheme: dark)"));
  const [name, setName] = useState(dark.matches ? "dark" : "light");
  useEffect(() => {
    const follow = () => setName(dark.matches ? "dark" : "light");
    dark.addEventListener("change", follow);
    return () => dark.removeEventListener("change", follow);
  }, [dark]);
  return name;
}
