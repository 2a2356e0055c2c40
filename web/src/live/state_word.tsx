// The state of a run, coloured.
import { useLiveTexts } from "../text/live_texts";

const TONES: Record<string, string> = {
  running: "busy", succeeded: "succeeded", unknown: "unknown", failed: "failed", refused: "failed", broken: "failed",
};

export function StateWord({ state }: { state: string | null }) {
  const t = useLiveTexts();
  if (state === null) return null;
  return <span class={`tag ${TONES[state] ?? "partial"}`}>{t.state[state] ?? state}</span>;
}
