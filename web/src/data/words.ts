// A column of words that repeats few of them, such as codes: each row has the place of its word in a dictionary.

/** The place of rows that have no word. */
const NONE = -1;

export class WordColumn {
  /** The place of each row's word; -1 for none. */
  readonly places: number[] = [];
  private readonly words: string[] = [];
  private readonly known = new Map<string, number>();
  /** The rows of each word. */
  private readonly uses: number[] = [];
  /** The places of words that no row has any more; the next new words take them. */
  private readonly free: number[] = [];
  private sorted: string[] | null = null;

  get(row: number): string {
    return this.words[this.places[row] ?? NONE] ?? "";
  }

  /** Gives a row its word; a blank one is none. Returns whether that changed the row. */
  set(row: number, word: string | null): boolean {
    const before = this.places[row];
    if (before !== undefined && (this.words[before] ?? "") === (word ?? "")) return false;
    const place = this.placeFor(word ?? "");
    this.places[row] = place;
    if (before !== undefined && before !== NONE) this.leave(before);
    return true;
  }

  /** The place of a word: `null` leaves every row, and a word that no row has leaves none. */
  find(word: string): number | null {
    if (word === "") return null;
    return this.known.get(word) ?? Number.NEGATIVE_INFINITY;
  }

  /** The words that rows have, in alphabetical order. The list is another one whenever it changed. */
  get listed(): string[] {
    this.sorted ??= [...this.known.keys()].sort();
    return this.sorted;
  }

  private placeFor(word: string): number {
    if (word === "") return NONE;
    let place = this.known.get(word);
    if (place === undefined) {
      place = this.free.pop() ?? this.words.length;
      this.words[place] = word;
      this.uses[place] = 0;
      this.known.set(word, place);
      this.sorted = null;
    }
    this.uses[place]!++;
    return place;
  }

  private leave(place: number): void {
    if (--this.uses[place]! > 0) return;
    this.known.delete(this.words[place]!);
    this.words[place] = "";
    this.free.push(place);
    this.sorted = null;
  }
}
