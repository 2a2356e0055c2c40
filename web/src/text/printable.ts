// Text of vendors and cells, made safe to read: what cannot be seen, or reorders what can, becomes a visible mark.

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

export function printable(text: string): string {
  return text.replace(HIDDEN, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return code === 0x7f ? "␡" : `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
  });
}

/** The beginning of a text, with a mark where it is cut. A browser takes seconds to lay out megabytes in one line. */
export function beginning(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)} …` : text;
}

/** A value of a story as text: strings as they are, all else as JSON, with lines where it is long. */
export function valueText(value: unknown): string {
  if (typeof value === "string") return printable(value);
  const short = JSON.stringify(value) ?? "";
  return printable(short.length > 80 ? JSON.stringify(value, null, 2) : short);
}
