// The first user: opened by the link that the service prints when it starts.

import { useState } from "preact/hooks";
import { setUp } from "../api/session";
import { useDoing } from "../api/use";
import { go } from "../router";
import { Brand } from "../shell/shell";
import { Button, ErrorNote, Field, LinkButton, Note } from "../ui";
import { PASSWORD_HINT, passwordProblem } from "./password";

export function Setup({ token }: { token: string }) {
  const [name, setName] = useState("admin");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [wasSent, setSent] = useState(false);
  const doing = useDoing(() => setUp(token, name, password));
  const problem = passwordProblem(password);
  const differs = again !== password ? "the two are not the same" : undefined;
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setSent(true);
    if (!problem && !differs && (await doing.run())) go("#/cameras/add", { replace: true });
  };
  if (!token) return <NoToken />;
  return (
    <main class="alone">
      <div class="brand">
        <Brand /> footfall
      </div>
      <div class="stack">
        <h1>Set up this service</h1>
        <p class="quiet">
          You become its administrator. Everything stays on this machine: there is no account elsewhere.
        </p>
      </div>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <Field label="Your name" value={name} onValue={setName} autocomplete="username" required />
        <Field
          label="Password"
          type="password"
          value={password}
          onValue={setPassword}
          autocomplete="new-password"
          hint={PASSWORD_HINT}
          problem={wasSent ? problem : undefined}
          required
          autofocus
        />
        <Field
          label="Password again"
          type="password"
          value={again}
          onValue={setAgain}
          autocomplete="new-password"
          problem={wasSent && !problem ? differs : undefined}
          required
        />
        <ErrorNote error={doing.error} />
        <Button type="submit" kind="main" isBusy={doing.isBusy}>
          Set up
        </Button>
      </form>
    </main>
  );
}

function NoToken() {
  return (
    <main class="alone">
      <Note tone="warn" title="This link is not whole.">
        <p>
          Copy all of the address that the service printed, or run <code>footfall serve --setup-link</code> for a new
          one.
        </p>
      </Note>
      <LinkButton to="#/">To the log-in page</LinkButton>
    </main>
  );
}
