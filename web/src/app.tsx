// Which page is shown: set-up and log-in first, then what the address says.

import type { ApiError } from "./api/client";
import { refreshSession, session } from "./api/session";
import { useLoad } from "./api/use";
import { Login } from "./pages/login";
import { Setup } from "./pages/setup";
import { place } from "./router";
import { Outlet } from "./shell/outlet";
import { Shell } from "./shell/shell";
import { Button, ErrorNote, Spinner, Toasts } from "./ui";

export function App() {
  const start = useLoad("session", refreshSession);
  if (start.error) return <Unreachable error={start.error} onRetry={() => void start.reload()} />;
  return (
    <>
      <Content />
      <Toasts />
    </>
  );
}

function Content() {
  if (place.value.parts[0] === "setup") return <Setup token={place.value.query.get("token") ?? ""} />;
  if (session.value === undefined) return <Spinner />;
  if (session.value === null) return <Login />;
  return (
    <Shell>
      <Outlet />
    </Shell>
  );
}

function Unreachable({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  return (
    <main class="alone">
      <ErrorNote error={error} />
      <Button kind="main" onClick={onRetry}>
        Try again
      </Button>
    </main>
  );
}
