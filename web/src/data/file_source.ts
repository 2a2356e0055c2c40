// The source of a page that is a file: everything is embedded in it.
import { piecesOf, readPart } from "./decode";
import { tableOf, type TableParts } from "./embedded_table";
import { Listeners, type PageData, type Source } from "./source";
import type { Story } from "./story";
import type { Head, Pace } from "./types";

/** The most groups of stories that are kept unpacked. */
const GROUPS_KEPT = 16;

/** The parts of the table that are numbers. */
const NUMBERS = ["number", "outcome", "step", "code", "message", "kind", "attempts", "ended"] as const;
type NumberPart = (typeof NUMBERS)[number];

export class FileSource implements Source {
  data: PageData = {};
  private readonly pieces: Map<string, Element[]>;
  private readonly listeners = new Listeners();
  /** The group of each row's story; -1 if the page holds none. */
  private groupOf: number[] = [];
  private readonly groups = new Map<number, Promise<Record<string, Story>>>();

  constructor(root: ParentNode) {
    this.pieces = piecesOf(root);
    this.read().catch((problem: unknown) => this.tell({ problem }));
  }

  subscribe(changed: () => void): () => void {
    return this.listeners.add(changed);
  }

  async story(row: number): Promise<Story | null> {
    const group = this.groupOf[row] ?? -1;
    if (group < 0) return null;
    const stories = await this.group(group);
    return stories[String(row)] ?? null;
  }

  private async read(): Promise<void> {
    const head = await this.part<Head>("head");
    this.tell({ head });
    const pace = this.pieces.has("pace") ? this.part<Pace>("pace") : Promise.resolve(null);
    await Promise.all([pace.then((read) => this.tell({ pace: read })), this.readTable(head)]);
  }

  private async readTable(head: Head): Promise<void> {
    const cells = Promise.all(head.table.columns.map((_, at) => this.part<(string | null)[]>(`cells-${at}`)));
    const keys = head.table.key_column === -1 ? this.part<string[]>("keys") : Promise.resolve(null);
    const groups = this.part<number[]>("story");
    // All parts are unpacked at the same time.
    const numbers = await Promise.all(NUMBERS.map(async (name) => [name, await this.part<number[]>(name)] as const));
    const parts: TableParts = {
      ...(Object.fromEntries(numbers) as Record<NumberPart, number[]>),
      cells: await cells,
      keys: await keys,
    };
    this.groupOf = await groups;
    this.tell({ table: tableOf(head.table, parts) });
  }

  private group(group: number): Promise<Record<string, Story>> {
    let found = this.groups.get(group);
    if (!found) {
      const oldest = this.groups.size >= GROUPS_KEPT ? this.groups.keys().next().value : undefined;
      if (oldest !== undefined) this.groups.delete(oldest);
      found = this.part<Record<string, Story>>(`stories-${group}`);
      this.groups.set(group, found);
    }
    return found;
  }

  private tell(change: PageData): void {
    this.data = { ...this.data, ...change };
    this.listeners.tell();
  }

  private part<T>(name: string): Promise<T> {
    const pieces = this.pieces.get(name);
    if (!pieces) return Promise.reject(new Error(`the page has no part \`${name}\``));
    return readPart<T>(pieces);
  }
}
