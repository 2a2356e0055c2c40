// What is asked of the server, always with the session's token. The token is kept in memory alone, so that a reload needs a
// new link.

/** Why an answer did not come. */
export class AnswerError extends Error {
  /** `status` is that of HTTP; 0 if the server does not answer. */
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** An answer that ended before it was whole. */
export class CutAnswer extends AnswerError {
  constructor() {
    super(0, "");
  }
}

interface Asking {
  signal?: AbortSignal | undefined;
  body?: unknown;
}

export class Server {
  private session: string | null = null;
  /** Called when the session is over. */
  onLost: (message: string) => void = () => {};

  constructor(private readonly fetcher: typeof fetch = (input, init) => fetch(input, init)) {}

  /** Opens a session with the token of a link. */
  async open(token: string): Promise<void> {
    const answer = (await (await this.ask("/session", { body: { token } })).json()) as { session: string };
    this.session = answer.session;
  }

  async json<T>(path: string, signal?: AbortSignal): Promise<T> {
    return (await (await this.ask(path, { signal })).json()) as T;
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return (await (await this.ask(path, { body })).json()) as T;
  }

  /** Gives each line of an answer in lines of JSON, until the answer or `signal` ends it. */
  async lines(path: string, signal: AbortSignal, each: (value: unknown) => void): Promise<void> {
    const answer = await this.ask(path, { signal });
    if (!answer.body) throw new CutAnswer();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ; ) {
      const { value, done } = await readOf(reader, signal);
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") each(JSON.parse(line));
    }
  }

  /** Saves what stands at an address as a file. */
  async save(path: string): Promise<void> {
    const answer = await this.ask(path);
    const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "runsheet";
    const url = URL.createObjectURL(await answer.blob());
    const link = document.createElement("a");
    [link.href, link.download] = [url, name];
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  /** The answer to a request, if it is a good one. */
  private async ask(path: string, { signal, body }: Asking = {}): Promise<Response> {
    const asked = this.session;
    const headers: Record<string, string> = asked === null ? {} : { "Runsheet-Session": asked };
    const request: RequestInit = { headers, cache: "no-store", signal: signal ?? null };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      request.method = "POST";
      request.body = JSON.stringify(body);
    }
    let answer: Response;
    try {
      answer = await this.fetcher(path, request);
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new AnswerError(0, "");
    }
    if (answer.ok) return answer;
    const told = (await answer.json().catch(() => ({}))) as { error?: string };
    const message = told.error ?? `HTTP ${answer.status}`;
    // An answer to an earlier session does not end the one that was opened since.
    if (answer.status === 401 && asked !== null && asked === this.session) {
      this.session = null;
      this.onLost(message);
    }
    throw new AnswerError(answer.status, message);
  }
}

/** The next piece of an answer. What breaks in the middle is a cut answer. */
async function readOf(reader: ReadableStreamDefaultReader<string>, signal: AbortSignal): Promise<ReadableStreamReadResult<string>> {
  try {
    return await reader.read();
  } catch (error) {
    throw signal.aborted ? error : new CutAnswer();
  }
}
