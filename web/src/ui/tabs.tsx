import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import "./tabs.css";

interface TabsProps {
  label: string;
  /** Key and words. */
  tabs: readonly (readonly [string, string])[];
  chosen: string;
  onChoose: (key: string) => void;
  children: ComponentChildren;
}

/** Tabs by the usual keys: arrows move between them, Tab goes into the panel. */
export function Tabs({ label, tabs, chosen, onChoose, children }: TabsProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const all = list.current;
    if (!all) return;
    const observer = new ResizeObserver(() => reveal(all));
    observer.observe(all);
    reveal(all);
    return () => observer.disconnect();
  }, [chosen]);
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = (tabs.findIndex(([key]) => key === chosen) + step + tabs.length) % tabs.length;
    const next = tabs[at];
    if (!next) return;
    onChoose(next[0]);
    (list.current?.children[at] as HTMLElement | undefined)?.focus();
  };
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map(([key, words]) => (
          <button
            key={key}
            id={`${id}-${key}`}
            type="button"
            role="tab"
            aria-selected={key === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={key === chosen ? 0 : -1}
            onClick={() => onChoose(key)}
          >
            {words}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${chosen}`}>
        {children}
      </div>
    </div>
  );
}

/** Move the list so far that the chosen tab is in sight; the page stays where it is. */
function reveal(list: HTMLElement): void {
  const tab = list.querySelector('[aria-selected="true"]')?.getBoundingClientRect();
  const seen = list.getBoundingClientRect();
  if (tab) list.scrollLeft += Math.max(0, tab.right - seen.right) - Math.max(0, seen.left - tab.left);
}
