// Shows what went wrong in a part of the page, instead of nothing.
import { Component, type ComponentChildren } from "preact";

interface GuardState {
  error: string | null;
}

/** Its children, or the error that one of them threw. */
export class Guard extends Component<{ problem: string; children: ComponentChildren }, GuardState> {
  override state: GuardState = { error: null };

  override componentDidCatch(error: unknown): void {
    this.setState({ error: error instanceof Error ? error.message : String(error) });
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return <p class="problem" role="alert">{`${this.props.problem}: ${error}`}</p>;
  }
}
