// The switches at the head of the page: language, theme, print.
import type { Language } from "../text/language";
import { useTexts } from "../text/language";
import type { Theme } from "./theme";

interface ToolsProps {
  language: Language;
  theme: Theme;
  onLanguage: (language: Language) => void;
  onTheme: (theme: Theme) => void;
}

export function Tools({ language, theme, onLanguage, onTheme }: ToolsProps) {
  const t = useTexts();
  const languages: [Language, string, string][] = [["en", "English", "en"], ["zh", "中文", "zh-CN"]];
  const themes: [Theme, string][] = [["auto", t.theme.auto], ["light", t.theme.light], ["dark", t.theme.dark]];
  return (
    <div class="tools">
      <div class="switch" role="group" aria-label={t.language}>
        {languages.map(([key, name, code]) => (
          <button type="button" lang={code} aria-pressed={language === key} onClick={() => onLanguage(key)} key={key}>
            {name}
          </button>
        ))}
      </div>
      <div class="switch" role="group" aria-label={t.theme.label}>
        {themes.map(([key, name]) => (
          <button type="button" aria-pressed={theme === key} onClick={() => onTheme(key)} key={key}>
            {name}
          </button>
        ))}
      </div>
      <button type="button" class="plain" onClick={() => window.print()}>{t.print}</button>
    </div>
  );
}
