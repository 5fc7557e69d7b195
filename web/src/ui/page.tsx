import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Icon } from "./icon";
import "./page.css";

interface PageProps {
  title: string;
  /** One sentence under the title. */
  lead?: ComponentChildren;
  /** Where "back" leads, and what it says. */
  back?: readonly [string, string];
  actions?: ComponentChildren;
  /** As wide as the window, for pictures. */
  isWide?: boolean;
  children: ComponentChildren;
}

/** The frame of every page: title, actions, content. Sets the window's title, too. */
export function Page({ title, lead, back, actions, isWide = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · footfall`;
  }, [title]);
  return (
    <div class={isWide ? "page wide" : "page"}>
      {back && (
        <a class="back small" href={back[0]}>
          <Icon name="back" /> {back[1]}
        </a>
      )}
      <header class="row spread">
        <h1 tabIndex={-1}>{title}</h1>
        {actions && <div class="row">{actions}</div>}
      </header>
      {lead && <p class="quiet">{lead}</p>}
      {children}
    </div>
  );
}
