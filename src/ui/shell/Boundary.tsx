import { Component, type ReactNode } from 'react';

interface Props {
  /** What stands there when it cannot be drawn. */
  readonly instead: ReactNode;
  /** What it shows: of another it is tried again. */
  readonly of?: unknown;
  readonly children: ReactNode;
}

interface State {
  readonly failed: boolean;
  readonly of: unknown;
}

/** What is inside may fail to be drawn, and takes nothing else with it: React would take the whole page down. */
export class Boundary extends Component<Props, State> {
  override state: State = { failed: false, of: this.props.of };

  static getDerivedStateFromError(): Partial<State> {
    return { failed: true };
  }

  static getDerivedStateFromProps({ of }: Props, state: State): State | null {
    return of === state.of ? null : { failed: false, of };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.instead : this.props.children;
  }
}
