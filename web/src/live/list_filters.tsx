// The fields of the list's filter.
import { OUTCOMES } from "../data/types";
import { useTexts } from "../text/language";
import { useLiveTexts } from "../text/live_texts";
import { ALL_RUNS, type ListFilter, paramsOf } from "./live_place";

interface ListFiltersProps {
  filter: ListFilter;
  /** The states that can be chosen. */
  states: string[];
  onFilter: (filter: ListFilter) => void;
}

export function ListFilters({ filter, states, onFilter }: ListFiltersProps) {
  const [t, words] = [useLiveTexts(), useTexts()];
  const change = (part: Partial<ListFilter>) => onFilter({ ...filter, ...part });
  const field = (name: "playbook" | "environment", label: string) => (
    <label>
      {label}
      <input
        type="search"
        name={name}
        value={filter[name]}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => change({ [name]: event.currentTarget.value })}
      />
    </label>
  );
  const choice = (name: "state" | "outcome", label: string, options: [string, string][]) => (
    <label>
      {label}
      <select name={name} value={filter[name]} onChange={(event) => change({ [name]: event.currentTarget.value })}>
        <option value="">{t.list.any}</option>
        {options.map(([value, word]) => <option value={value} key={value}>{word}</option>)}
      </select>
    </label>
  );
  // What is chosen stays in the choice, though no run is in this state any more.
  const listed = filter.state === "" || states.includes(filter.state) ? states : [...states, filter.state];
  return (
    <form class="fields" role="search" onSubmit={(event) => event.preventDefault()}>
      {field("playbook", t.list.playbook)}
      {field("environment", t.list.environment)}
      {choice("state", t.list.state, listed.map((state) => [state, t.state[state] ?? state]))}
      {choice("outcome", t.list.outcome, OUTCOMES.map((outcome) => [outcome, words.outcome[outcome]]))}
      {paramsOf(filter).size > 0 && <button type="button" onClick={() => onFilter(ALL_RUNS)}>{t.list.clear}</button>}
    </form>
  );
}
