import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { Doing } from "../api/use";
import { Button, IconButton } from "./button";
import { ErrorNote } from "./note";
import "./dialog.css";

interface DialogProps {
  title: string;
  onClose: () => void;
  /** Buttons at the bottom. */
  actions?: ComponentChildren;
  isWide?: boolean;
  children: ComponentChildren;
}

/** A modal dialog: rendered means open. Escape and the cross close it, focus stays in it and comes back. */
export function Dialog({ title, onClose, actions, isWide = false, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const before = document.activeElement;
    const dialog = element.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>(".stack :is(input, select, textarea)")?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const cancel = (event: Event): void => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog ref={element} class={isWide ? "dialog wide" : "dialog"} aria-labelledby={id} onCancel={cancel}>
      <header class="row spread">
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </header>
      <div class="stack">{children}</div>
      {actions && <footer class="row">{actions}</footer>}
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  /** What the button says and does. */
  verb: string;
  doing: Doing;
  onClose: () => void;
  onDone: () => void;
  children: ComponentChildren;
}

/** Asks before something that cannot be undone. */
export function Confirm({ title, verb, doing, onClose, onDone, children }: ConfirmProps) {
  const confirm = async (): Promise<void> => {
    if (await doing.run()) onDone();
  };
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="danger" isBusy={doing.isBusy} onClick={() => void confirm()}>
        {verb}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} actions={actions}>
      {children}
      <ErrorNote error={doing.error} />
    </Dialog>
  );
}
