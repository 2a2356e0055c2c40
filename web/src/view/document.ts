// What the script adds to the sections that the Rust side wrote: the language that is shown, and buttons that copy.
import type { Language } from "../text/language";
import type { Texts } from "../text/texts";

export function showLanguage(language: Language): void {
  const root = document.documentElement;
  root.lang = language === "zh" ? "zh-CN" : "en";
  root.dataset["lang"] = language;
  showTitle();
}

/** Gives the document the title of the shown language. */
export function showTitle(): void {
  const { lang, titleEn, titleZh } = document.documentElement.dataset;
  const title = lang === "zh" ? titleZh : titleEn;
  if (title) document.title = title;
}

/** Gives every command a button that copies it once `copyOnClick` was called. */
export function addCopyButtons(root: ParentNode, t: Texts): void {
  for (const command of root.querySelectorAll<HTMLElement>("[data-copy]")) {
    let button = command.querySelector<HTMLButtonElement>("button");
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      command.append(button);
    }
    button.textContent = t.copy;
    button.dataset["copied"] = t.copied;
  }
}

/** Lets the buttons of commands copy, those that are there and those to come. */
export function copyOnClick(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element | null)?.closest?.<HTMLButtonElement>("button.copy");
    if (button) void copied(button, button.parentElement?.querySelector("code")?.textContent ?? "");
  });
}

async function copied(button: HTMLButtonElement, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Where the browser does not allow it, the text is selected, so that one key copies it.
    const code = button.parentElement?.querySelector("code");
    if (code) getSelection()?.selectAllChildren(code);
    return;
  }
  const before = button.textContent;
  button.textContent = button.dataset["copied"] ?? before;
  window.setTimeout(() => {
    button.textContent = before;
  }, 1500);
}
