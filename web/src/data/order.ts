// The rows in the order of one column. Rows that change are taken out and put in again, so that a few changes among a
// hundred thousand rows cost no new sort.

/** Compares two rows by their values; 0 where these are equal. */
export type Compare = (one: number, other: number) => number;

/** The values of a column: how two rows compare that have one, and which rows have none. */
export interface Values {
  compare: Compare;
  blank: (row: number) => boolean;
}

export class RowOrder {
  private order: Uint32Array = new Uint32Array(0);
  /** The place of each row in the order; rows with equal values have equal places. */
  private rank: Uint32Array = new Uint32Array(0);
  private readonly moved = new Set<number>();

  constructor(private readonly values: Values) {}

  /** Says that a row changed or is new. */
  touch(row: number): void {
    this.moved.add(row);
  }

  /**
   * Some of `length` rows, given in the list's order, in this order. Rows that are equal stay in the list's order, and those
   * without a value come last in both directions.
   */
  sort(rows: Uint32Array, length: number, descending: boolean): Uint32Array {
    this.bringUpToDate(length);
    const { order, rank } = this;
    const marked = new Uint8Array(length);
    for (const row of rows) marked[row] = 1;
    const sorted = new Uint32Array(rows.length);
    let at = 0;
    if (!descending) {
      for (const row of order) if (marked[row]) sorted[at++] = row;
      return sorted;
    }
    let valued = order.length;
    while (valued > 0 && this.values.blank(order[valued - 1]!)) valued--;
    for (let end = valued; end > 0; ) {
      let start = end - 1;
      while (start > 0 && rank[order[start - 1]!] === rank[order[end - 1]!]) start--;
      for (let place = start; place < end; place++) if (marked[order[place]!]) sorted[at++] = order[place]!;
      end = start;
    }
    for (const row of order.subarray(valued)) if (marked[row]) sorted[at++] = row;
    return sorted;
  }

  /** The order upwards, blank ones last. */
  private compare(one: number, other: number): number {
    const { compare, blank } = this.values;
    const [left, right] = [blank(one), blank(other)];
    return left || right ? Number(left) - Number(right) : compare(one, other);
  }

  private bringUpToDate(length: number): void {
    const { order, moved, rank } = this;
    if (order.length === length && moved.size === 0) return;
    const stable: Compare = (one, other) => this.compare(one, other) || one - other;
    const sortAll = moved.size > length / 4 || order.length + moved.size < length;
    this.order = sortAll
      ? Uint32Array.from({ length }, (_, row) => row).sort(stable)
      : merged(order.filter((row) => !moved.has(row)), Uint32Array.from(moved).sort(stable), stable);
    // Rows that did not change are equal if they were; so only neighbours of changed ones are compared.
    const equal = (one: number, other: number) =>
      sortAll || moved.has(one) || moved.has(other) ? this.compare(one, other) === 0 : rank[one] === rank[other];
    this.rank = new Uint32Array(length);
    for (let at = 1; at < length; at++) {
      const [before, row] = [this.order[at - 1]!, this.order[at]!];
      this.rank[row] = equal(before, row) ? this.rank[before]! : at;
    }
    moved.clear();
  }
}

/** A long sorted list and a short one as one. */
function merged(long: Uint32Array, short: Uint32Array, compare: Compare): Uint32Array {
  const all = new Uint32Array(long.length + short.length);
  let from = 0;
  short.forEach((row, at) => {
    const to = placeFor(row, long, from, compare);
    all.set(long.subarray(from, to), from + at);
    all[to + at] = row;
    from = to;
  });
  all.set(long.subarray(from), from + short.length);
  return all;
}

/** The place in a sorted list, from `low` on, before which a row belongs. */
function placeFor(row: number, list: Uint32Array, low: number, compare: Compare): number {
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(list[middle]!, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
