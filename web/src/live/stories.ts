// The stories of a run's rows, kept until the row changes.
import type { Story } from "../data/story";
import { AnswerError, type Server } from "./server";

/** The most stories that are kept. */
const KEPT = 50;

export class Stories {
  private readonly kept = new Map<number, { version: number; story: Promise<Story | null> }>();

  constructor(
    private readonly server: Server,
    private readonly address: string,
    private readonly signal: AbortSignal,
  ) {}

  /** The story of the row with a number; `version` is that in which the row changed last. */
  read(number: number, version: number): Promise<Story | null> {
    const known = this.kept.get(number);
    this.kept.delete(number);
    const story = known?.version === version ? known.story : this.ask(number);
    this.kept.set(number, { version, story });
    // The one that was read longest ago stands first.
    const oldest = this.kept.size > KEPT ? this.kept.keys().next().value : undefined;
    if (oldest !== undefined) this.kept.delete(oldest);
    return story;
  }

  forget(): void {
    this.kept.clear();
  }

  private async ask(number: number): Promise<Story | null> {
    try {
      return await this.server.json<Story>(`${this.address}/story?row=${number}`, this.signal);
    } catch (error) {
      if (error instanceof AnswerError && error.status === 404) return null;
      this.kept.delete(number);
      throw error;
    }
  }
}
