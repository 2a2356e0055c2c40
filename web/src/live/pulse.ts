// Does something again and again, but only when it is wanted, and not too often.
import type { Clock } from "./follow";
import { AnswerError } from "./server";

/** The least time between the end of one turn and the beginning of the next, in milliseconds. */
const LEAST = 2_000;

export class Pulse {
  private wanted = false;
  private hurries = false;
  private running = false;
  private pause = new AbortController();

  /**
   * `turn` does it once. `failed` hears of errors; the turn is tried again, except after one of the status 401 or 404. The
   * server sees to it that a turn costs a run little.
   */
  constructor(
    private readonly turn: () => Promise<void>,
    private readonly failed: (error: unknown) => void,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener("abort", () => this.pause.abort());
  }

  /** Asks for a turn: at once if there was none for long enough, else later. With `hurry` it does not wait. */
  want(hurry = false): void {
    this.wanted = true;
    if (hurry) {
      this.hurries = true;
      this.pause.abort();
    }
    if (!this.running) void this.go();
  }

  private async go(): Promise<void> {
    this.running = true;
    while (this.wanted && !this.signal.aborted) {
      [this.wanted, this.hurries] = [false, false];
      try {
        await this.turn();
      } catch (error) {
        if (this.signal.aborted) break;
        this.failed(error);
        this.wanted = !(error instanceof AnswerError && [401, 404].includes(error.status));
      }
      if (this.hurries) continue;
      this.pause = new AbortController();
      await this.clock.wait(LEAST, this.pause.signal);
    }
    this.running = false;
  }
}
