import { useState } from "preact/hooks";
import { get, type Schemas } from "../api/client";
import { expectSession, logIn } from "../api/session";
import { useDoing, useLoad } from "../api/use";
import { Brand } from "../shell/shell";
import { Button, ErrorNote, Field, Note } from "../ui";

export function Login() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const setup = useLoad("setup", (signal) => get<Schemas["SetupState"]>("setup", signal));
  const login = useDoing(() => logIn(name, password));
  const submit = (event: Event): void => {
    event.preventDefault();
    void login.run();
  };
  return (
    <main class="alone">
      <h1 class="brand">
        <Brand /> footfall
      </h1>
      {setup.data?.is_needed && (
        <Note tone="accent" title="This service has no administrator yet.">
          <p>
            Open the link that it printed when it started, or run <code>footfall serve --setup-link</code> for a new
            one.
          </p>
        </Note>
      )}
      <form class="stack" onSubmit={submit}>
        <Field label="Name" value={name} onValue={setName} autocomplete="username" required autofocus />
        <Field
          label="Password"
          type="password"
          value={password}
          onValue={setPassword}
          autocomplete="current-password"
          required
        />
        <ErrorNote error={login.error} />
        <Button type="submit" kind="main" isBusy={login.isBusy}>
          Log in
        </Button>
      </form>
      {setup.data?.has_sign_on && (
        <a class="button plain" href="api/v1/session/oidc/start" onClick={expectSession}>
          <span>Log in by single sign-on</span>
        </a>
      )}
    </main>
  );
}
