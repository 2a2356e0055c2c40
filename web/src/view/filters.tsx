// The filters above the table: search, outcomes, step, code, kind of failure.
import { useMemo } from "preact/hooks";
import { type Filter, NO_FILTER } from "../data/filter";
import type { Place } from "../data/place";
import type { RowTable } from "../data/table";
import { OUTCOMES, type Outcome } from "../data/types";
import { grouped, useTexts } from "../text/language";

interface FiltersProps {
  table: RowTable;
  place: Place;
  shown: number;
  onPlace: (change: Partial<Place>) => void;
}

export function Filters({ table, place, shown, onPlace }: FiltersProps) {
  const t = useTexts();
  const { filter } = place;
  const change = (part: Partial<Filter>) => onPlace({ filter: { ...filter, ...part } });
  const toggle = (outcome: Outcome) => {
    const has = filter.outcomes.includes(outcome);
    change({ outcomes: has ? filter.outcomes.filter((one) => one !== outcome) : [...filter.outcomes, outcome] });
  };
  const filtered = shown < table.length;
  // What a filter leaves is told aloud when the filter changes, and not whenever rows do.
  const found = useMemo(() => t.rows.shown(shown, table.length), [filter, t]);
  return (
    <div class="filters">
      <Search text={filter.text} onText={(text) => change({ text })} />
      <div class="chips" role="group" aria-label={t.rows.outcome}>
        {OUTCOMES.map((outcome) => (table.count(outcome) > 0 || filter.outcomes.includes(outcome)) && (
          <button
            type="button"
            class={`chip ${outcome}`}
            aria-pressed={filter.outcomes.includes(outcome)}
            onClick={() => toggle(outcome)}
            key={outcome}
          >
            {t.outcome[outcome]} <span class="count">{grouped(table.count(outcome))}</span>
          </button>
        ))}
        {(table.underWay > 0 || filter.open) && (
          <button type="button" class="chip under_way" aria-pressed={filter.open} onClick={() => change({ open: !filter.open })}>
            {table.driven ? t.rows.underWay : t.rows.unfinished} <span class="count">{grouped(table.underWay)}</span>
          </button>
        )}
      </div>
      <Choice name={t.rows.step} value={filter.step} words={table.steps.listed} onValue={(step) => change({ step })} />
      <Choice name={t.rows.code} value={filter.code} words={table.codes.listed} onValue={(code) => change({ code })} />
      {filter.kind !== 0 && (
        <button type="button" class="chip kind" aria-pressed="true" onClick={() => change({ kind: 0 })}>
          {t.rows.kind(filter.kind)} <span aria-hidden="true">×</span>
        </button>
      )}
      <p class="shown">{t.rows.shown(shown, table.length)}</p>
      <p class="hidden" role="status">{found}</p>
      {filtered && (
        <button type="button" class="plain" onClick={() => onPlace({ filter: NO_FILTER })}>{t.rows.clear}</button>
      )}
    </div>
  );
}

/** The search. It answers after each letter. */
function Search({ text, onText }: { text: string; onText: (text: string) => void }) {
  const t = useTexts();
  return (
    <label class="search">
      <span class="hidden">{t.rows.search}</span>
      <input
        type="search"
        placeholder={t.rows.search}
        value={text}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => onText(event.currentTarget.value)}
      />
    </label>
  );
}

interface ChoiceProps {
  name: string;
  value: string;
  words: string[];
  onValue: (value: string) => void;
}

/** The most words that a list to choose from holds. */
const CHOICES = 200;

function Choice({ name, value, words, onValue }: ChoiceProps) {
  const t = useTexts();
  if (words.length === 0 && value === "") return null;
  const listed = words.slice(0, CHOICES);
  // What is chosen stays in the list, though it may be far down or no row may have it.
  if (value !== "" && !listed.includes(value)) listed.unshift(value);
  return (
    <label class="choice">
      <span>{name}</span>
      <select value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        <option value="">{t.rows.any}</option>
        {listed.map((word) => <option value={word} key={word}>{word}</option>)}
      </select>
    </label>
  );
}
