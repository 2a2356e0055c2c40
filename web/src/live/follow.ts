// Follows the states of a run: a stream that goes on, and is opened again whenever it breaks.
import { AnswerError, CutAnswer, type Server } from "./server";

/** Milliseconds without a line after which a stream counts as broken; the server says something every ten seconds. */
const SILENCE = 25_000;
/** Milliseconds before a broken stream is opened again. */
const AGAIN = 2_000;

/** How time passes; tests have their own. */
export interface Clock {
  now(): number;
  /** Resolves after some milliseconds, or as soon as `signal` is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  wait: (ms, signal) =>
    new Promise((done) => {
      const timer = setTimeout(end, ms);
      function end(): void {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        done();
      }
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
    }),
};

/**
 * Gives each line of a stream until `signal` ends it, and to `broken` each error. It opens the stream again, unless the
 * session is over.
 */
export async function follow(
  server: Server,
  path: string,
  signal: AbortSignal,
  clock: Clock,
  each: (value: unknown) => void,
  broken: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    const attempt = new AbortController();
    const leave = () => attempt.abort();
    signal.addEventListener("abort", leave);
    let silence = new AbortController();
    const listen = () => {
      silence.abort();
      silence = new AbortController();
      const mine = silence.signal;
      void clock.wait(SILENCE, mine).then(() => mine.aborted || leave());
    };
    try {
      listen();
      await server.lines(path, attempt.signal, (line) => {
        listen();
        each(line);
      });
      throw new CutAnswer();
    } catch (error) {
      if (signal.aborted) return;
      const told = attempt.signal.aborted ? new CutAnswer() : error;
      broken(told);
      if (told instanceof AnswerError && told.status === 401) return;
    } finally {
      silence.abort();
      signal.removeEventListener("abort", leave);
    }
    await clock.wait(AGAIN, signal);
  }
}
