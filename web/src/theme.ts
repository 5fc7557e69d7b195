// Light or dark: as the system says, unless the user has chosen.

import { signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const KEY = "footfall-theme";

function stored(): Theme {
  const found = localStorage.getItem(KEY);
  return found === "light" || found === "dark" ? found : "system";
}

export const theme = signal<Theme>(stored());

export function chooseTheme(choice: Theme): void {
  theme.value = choice;
  localStorage.setItem(KEY, choice);
  applyTheme();
}

export function applyTheme(): void {
  if (theme.value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
  restyle();
}

/** Chromium keeps the colours of links when light and dark change places: have all styles computed anew. */
function restyle(): void {
  const [root, top] = [document.documentElement, window.scrollY];
  root.hidden = true;
  void root.offsetHeight;
  root.hidden = false;
  window.scrollTo(0, top);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
