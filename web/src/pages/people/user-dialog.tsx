import { useState } from "preact/hooks";
import { addUser, changeUser, type Rights, type User } from "../../api/people";
import { useDoing } from "../../api/use";
import { Button, Dialog, ErrorNote, Field, toast } from "../../ui";
import { LEAST, RightsFields } from "./rights";

const SHORTEST = 12;

interface Props {
  /** null: somebody new. */
  readonly user: User | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** A new user, or another role, cameras or password for one. */
export function UserDialog({ user, onClose, onDone }: Props) {
  const [name, setName] = useState(user?.name ?? "");
  const [password, setPassword] = useState("");
  const [rights, setRights] = useState<Rights>(user ?? LEAST);
  const { role, cameras, real_pixels } = rights;
  const wanted = { role, cameras, real_pixels };
  const isShort = password.length < SHORTEST && (user === null || password !== "");
  const saving = useDoing(() =>
    user ? changeUser(user.name, { ...wanted, ...(password && { password }) }) : addUser(name.trim(), password, wanted),
  );
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isShort || !name.trim() || !(await saving.run())) return;
    toast(user ? `${name} is changed` : `${name} may log in now`);
    onDone();
    onClose();
  };
  return (
    <Dialog title={user ? `Change ${user.name}` : "New user"} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void save(event)}>
        {!user && <Field label="Name" value={name} onValue={setName} autocomplete="off" required />}
        {user?.has_password !== false && (
          <Field
            label={user ? "New password" : "Password"}
            type="password"
            autocomplete="new-password"
            value={password}
            onValue={setPassword}
            hint={user ? `Empty: stays as it is. At least ${SHORTEST} characters.` : `At least ${SHORTEST} characters.`}
          />
        )}
        <RightsFields rights={rights} onRights={setRights} />
        <ErrorNote error={saving.error} />
        <div class="row">
          <Button type="submit" kind="main" isBusy={saving.isBusy} disabled={isShort || !name.trim()}>
            {user ? "Save" : "Make the user"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
