import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import "./card.css";

/** A named part of a page; `actions` sit at the right of its title. */
export function Card({
  title,
  actions,
  children,
}: {
  title?: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <section class="card" aria-labelledby={title ? id : undefined}>
      {(title || actions) && (
        <header class="row spread">
          {title && <h2 id={id}>{title}</h2>}
          {actions && <div class="row">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
