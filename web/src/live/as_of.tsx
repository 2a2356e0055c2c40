// Says from when something is, if it is old and the run went on since.
import { useLiveTexts } from "../text/live_texts";
import { clock } from "../view/clock";
import { useNow } from "./use_now";

/** What is younger counts as present, in milliseconds. */
const YOUNG = 10_000;

interface AsOfProps {
  /** When it was made, in milliseconds since 1970. */
  at: number;
  /** Whether the run went on since, or may have. */
  behind: boolean;
  offsetMinutes: number;
}

export function AsOf({ at, behind, offsetMinutes }: AsOfProps) {
  const t = useLiveTexts();
  const now = useNow();
  return behind && now - at > YOUNG ? <p class="as-of">{t.run.asOf(clock(at, offsetMinutes))}</p> : null;
}
