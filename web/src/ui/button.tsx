import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";
import "./button.css";

type Kind = "plain" | "main" | "danger" | "bare";

interface ButtonProps {
  kind?: Kind;
  icon?: IconName;
  isBusy?: boolean;
  type?: "button" | "submit";
  disabled?: boolean;
  onClick?: () => void;
  "aria-expanded"?: boolean;
  "aria-controls"?: string;
  "aria-describedby"?: string;
  "aria-label"?: string;
  "aria-pressed"?: boolean;
  tabIndex?: number;
  children?: ComponentChildren;
}

/** A button; while busy it keeps its size and cannot be pressed. */
export function Button({
  kind = "plain",
  icon,
  isBusy = false,
  type = "button",
  disabled,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button {...rest} type={type} class={`button ${kind}`} disabled={disabled || isBusy} aria-busy={isBusy}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

/** A link that looks like a button. */
export function LinkButton({
  to,
  kind = "plain",
  icon,
  children,
}: {
  to: string;
  kind?: Kind;
  icon?: IconName;
  children: ComponentChildren;
}) {
  return (
    <a href={to} class={`button ${kind}`}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </a>
  );
}

interface IconButtonProps extends Omit<ButtonProps, "icon" | "children" | "type"> {
  icon: IconName;
  /** What it is called: said, and shown on hovering. */
  label: string;
  pressed?: boolean;
}

/** A button that shows an icon alone. */
export function IconButton({
  icon,
  label,
  pressed,
  kind = "bare",
  isBusy = false,
  disabled,
  ...rest
}: IconButtonProps) {
  return (
    <button
      {...rest}
      type="button"
      class={`button icon-only ${kind}`}
      disabled={disabled || isBusy}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      aria-busy={isBusy}
    >
      <Icon name={icon} />
    </button>
  );
}
