import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { logOut, may, session } from "../api/session";
import { link, place } from "../router";
import { isOffered, ROUTES, type Route } from "../routes";
import { Button, Icon, IconButton } from "../ui";
import { ThemeSwitch } from "./theme-switch";
import "./shell.css";

/** Menu beside (or, on narrow screens, above) the page. */
export function Shell({ children }: { children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(false);
  const here = place.value.parts.join("/");
  useEffect(() => setOpen(false), [here]);
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => document.getElementById("content")?.focus()}>
        Skip to content
      </button>
      <header class="bar">
        <a class="brand" href="#/live">
          <Brand /> footfall
        </a>
        <IconButton
          icon={isOpen ? "close" : "menu"}
          label="Menu"
          aria-expanded={isOpen}
          aria-controls="menu"
          onClick={() => setOpen(!isOpen)}
        />
      </header>
      <nav id="menu" class={isOpen ? "menu open" : "menu"} aria-label="Main">
        <Group routes={group("watch")} />
        <Group routes={group("manage")} title="Manage" />
        <Account />
      </nav>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function group(name: "watch" | "manage"): Route[] {
  return ROUTES.filter((route) => route.menu?.group === name && may(route.role) && isOffered(route));
}

function Group({ routes, title }: { routes: readonly Route[]; title?: string }) {
  const here = place.value.parts[0] ?? "live";
  return (
    <ul>
      {title && <li class="menu-title">{title}</li>}
      {routes.map(({ path, menu }) => (
        <li key={path}>
          <a href={link(path)} aria-current={path === here ? "page" : undefined}>
            {menu && <Icon name={menu.icon} />}
            {menu?.words}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Account() {
  return (
    <div class="account">
      <a href="#/account" aria-current={place.value.parts[0] === "account" ? "page" : undefined}>
        <Icon name="user" /> {session.value?.name}
      </a>
      <ThemeSwitch />
      <Button kind="bare" onClick={() => void logOut()}>
        Log out
      </Button>
    </div>
  );
}

export function Brand() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect class="brand-ground" width="32" height="32" rx="7" />
      <path class="brand-arrow" d="M8 23h16M16 23V9m0 0-5 5m5-5 5 5" />
    </svg>
  );
}
