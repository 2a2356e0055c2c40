// The source of a page that follows a run: its state comes by itself; the overview and the rows are asked for when they
// changed.
import { Listeners, type PageData, type Source } from "../data/source";
import type { Story } from "../data/story";
import type { RowTable } from "../data/table";
import type { TableHead } from "../data/types";
import type { LiveState, Overview } from "./answers";
import { type Clock, follow, SYSTEM_CLOCK } from "./follow";
import { type ReadRows, readRows, type RowsReading } from "./live_rows";
import { Pulse } from "./pulse";
import type { Server } from "./server";
import { Stories } from "./stories";

/** Rows that still come are shown when they have come for so long, and again after as long, in milliseconds. */
const SHOW_AFTER = 2_000;

/** What is known of the run at this moment. */
export interface LiveView {
  /** The newest state; `null` until the first comes. */
  state: LiveState | null;
  overview: Overview | null;
  /** The entry that the rows know, and when they came, in milliseconds since 1970; `null` until then. */
  rows: { entry: number; at: number } | null;
  /** How far the reading of all rows is; `null` while none goes on. */
  reading: RowsReading | null;
  /** What went wrong last; `null` once all goes well again. */
  problem: unknown;
}

export class LiveSource implements Source {
  data: PageData = {};
  view: LiveView = { state: null, overview: null, rows: null, reading: null, problem: null };
  /** Where this run stands on the server. */
  readonly address: string;
  private readonly ending = new AbortController();
  private readonly dataListeners = new Listeners();
  private readonly viewListeners = new Listeners();
  private readonly stories: Stories;
  private readonly rowsPulse: Pulse;
  private readonly overviewPulse: Pulse;
  private known: ReadRows | null = null;
  /** When the reading of all rows began, or the rows that came so far were shown last. */
  private shownAt = 0;
  private tellHead: (head: TableHead) => void = () => {};
  private readonly head = new Promise<TableHead>((tell) => {
    this.tellHead = tell;
  });

  constructor(
    private readonly server: Server,
    run: string,
    private readonly clock: Clock = SYSTEM_CLOCK,
  ) {
    this.address = `/api/runs/${run}`;
    const { signal } = this.ending;
    const failed = (problem: unknown) => this.show({ problem, reading: null });
    this.stories = new Stories(server, this.address, signal);
    this.rowsPulse = new Pulse(() => this.readRows(), failed, clock, signal);
    this.overviewPulse = new Pulse(() => this.readOverview(), failed, clock, signal);
  }

  /** Begins to follow the run. */
  start(): void {
    this.overviewPulse.want();
    this.rowsPulse.want();
    const each = (line: unknown) => this.hear(line as Partial<LiveState> & { alive?: boolean; error?: string });
    void follow(this.server, `${this.address}/events`, this.ending.signal, this.clock, each, (problem) => this.show({ problem }));
  }

  /** Ends it, with all that is asked. */
  stop(): void {
    this.ending.abort();
  }

  subscribe(changed: () => void): () => void {
    return this.dataListeners.add(changed);
  }

  /** Calls back whenever `view` changed, until the function that it returns is called. */
  watch(changed: () => void): () => void {
    return this.viewListeners.add(changed);
  }

  story(row: number): Promise<Story | null> {
    const { table } = this.data;
    return table ? this.stories.read(table.number(row), table.changedIn(row)) : Promise.resolve(null);
  }

  /** Asks again for what was left while nobody looked. */
  catchUp(): void {
    const { state } = this.view;
    if (state) this.compare(state, false);
  }

  private hear(line: Partial<LiveState> & { alive?: boolean; error?: string }): void {
    if (line.alive) {
      // The server is there again.
      if (this.view.problem !== null) this.show({ problem: null });
      return;
    }
    if (line.error !== undefined) return this.show({ problem: new Error(line.error) });
    // The run is looked at; its state follows.
    if (line.state === null || line.state === undefined) return;
    const state = line as LiveState;
    const last = this.view.state;
    const turned = last !== null && (last.state !== state.state || last.driven !== state.driven);
    this.show({ state, problem: null });
    if (this.known?.table.setDriven(state.driven)) this.tell({ table: this.known.table });
    this.compare(state, turned);
  }

  /** Asks for what is older than the run. What the run came to is asked for at once. */
  private compare(state: LiveState, turned: boolean): void {
    if (!turned && document.hidden) return;
    const { overview, rows } = this.view;
    if (rows && (turned || state.entry > rows.entry)) this.rowsPulse.want(turned);
    if (overview && (turned || state.overview > overview.version)) this.overviewPulse.want(turned);
  }

  private async readRows(): Promise<void> {
    this.shownAt = this.clock.now();
    const came = (table: RowTable, reading: RowsReading) => this.showComing(table, reading);
    const read = await readRows(this.server, this.address, this.known, this.head, this.ending.signal, came);
    if (read.table !== this.known?.table) this.stories.forget();
    this.known = read;
    read.table.setDriven(this.view.state?.driven ?? false);
    this.nameKinds();
    this.tell({ table: read.table });
    this.show({ rows: { entry: read.entry, at: Date.now() }, reading: null, problem: null });
    const { state } = this.view;
    if (state) this.compare(state, false);
  }

  /** Shows the first rows of a run while more of them come: beside a busy run that takes a while. */
  private showComing(table: RowTable, reading: RowsReading): void {
    const head = this.view.overview?.head.table;
    const now = this.clock.now();
    if (this.known !== null || !head || now - this.shownAt < SHOW_AFTER) return;
    this.shownAt = now;
    table.head = head;
    table.setDriven(this.view.state?.driven ?? false);
    this.nameKinds(table);
    this.show({ reading });
    this.tell({ table });
  }

  private async readOverview(): Promise<void> {
    const overview = await this.server.json<Overview>(`${this.address}/overview`, this.ending.signal);
    this.tellHead(overview.head.table);
    if (this.known) this.known.table.head = overview.head.table;
    this.view = { ...this.view, overview };
    this.nameKinds();
    this.tell({ head: overview.head, pace: overview.pace });
    this.show({ problem: null });
    const { state } = this.view;
    if (state) this.compare(state, false);
  }

  private nameKinds(table = this.known?.table): void {
    const kinds = this.view.overview?.kinds ?? [];
    table?.nameKinds(new Map(kinds.map(({ rows, number }) => [rows, number])));
  }

  private tell(change: PageData): void {
    this.data = { ...this.data, ...change };
    this.dataListeners.tell();
  }

  private show(change: Partial<LiveView>): void {
    this.view = { ...this.view, ...change };
    this.viewListeners.tell();
  }
}
