// One's own account: who one is, and the password.

import { useState } from "preact/hooks";
import { changePassword, session } from "../api/session";
import { useDoing } from "../api/use";
import { Button, Card, ErrorNote, Field, Note, Page, toast } from "../ui";
import { PASSWORD_HINT, passwordProblem } from "./password";

export default function Account() {
  const who = session.value;
  if (!who) return null;
  return (
    <Page title="Your account">
      <Card title={who.name}>
        <dl class="facts">
          <dt>Role</dt>
          <dd>{who.role}</dd>
          <dt>Cameras</dt>
          <dd>{who.cameras === "*" ? "all" : who.cameras.join(", ") || "none"}</dd>
          <dt>Real pictures</dt>
          <dd>
            {who.real_pixels
              ? "may be opened; each opening is kept in the audit log"
              : "not for you: you see the privacy view"}
          </dd>
        </dl>
      </Card>
      <Card title="Password">
        {who.has_password ? (
          <ChangePassword />
        ) : (
          <Note>You log in by single sign-on: your password is kept there.</Note>
        )}
      </Card>
    </Page>
  );
}

function ChangePassword() {
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const [wasSent, setSent] = useState(false);
  const doing = useDoing(() => changePassword(old, password));
  const problem = passwordProblem(password);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setSent(true);
    if (problem || !(await doing.run())) return;
    toast("Your password is changed");
    setOld("");
    setPassword("");
    setSent(false);
  };
  return (
    <form class="stack narrow" onSubmit={(event) => void submit(event)}>
      <Field
        label="Present password"
        type="password"
        value={old}
        onValue={setOld}
        autocomplete="current-password"
        required
      />
      <Field
        label="New password"
        type="password"
        value={password}
        onValue={setPassword}
        autocomplete="new-password"
        hint={PASSWORD_HINT}
        problem={wasSent ? problem : undefined}
        required
      />
      <ErrorNote error={doing.error} />
      <div>
        <Button type="submit" kind="main" isBusy={doing.isBusy}>
          Change password
        </Button>
      </div>
    </form>
  );
}
