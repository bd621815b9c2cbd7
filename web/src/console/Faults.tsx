import { Component, type ReactNode } from "react";
import { translate } from "../i18n/console/words";

/** Keeps the fault of one page from taking the navigation with it. */
export class Faults extends Component<{ children: ReactNode }, { fault: Error | null }> {
  override state = { fault: null as Error | null };

  static getDerivedStateFromError(fault: Error) {
    return { fault };
  }

  override render() {
    const { fault } = this.state;
    if (!fault) return this.props.children;
    return (
      <div className="fault" role="alert">
        <h1>{translate("error.page")}</h1>
        <p>{fault.message}</p>
        <button type="button" onClick={() => this.setState({ fault: null })}>
          {translate("common.retry")}
        </button>
      </div>
    );
  }
}
