import { useState } from "preact/hooks";
import { listUsers, removeUser, type User } from "../api/people";
import { refreshSession, session } from "../api/session";
import { useDoing, useLoad } from "../api/use";
import { stamp } from "../charts/days";
import { Badge, Button, Card, Confirm, IconButton, Page, Table } from "../ui";
import { chosenZone } from "./choice";
import { camerasInWords } from "./people/rights";
import { UserDialog } from "./people/user-dialog";
import { Shown } from "./shown";

/** Who may log in, and what they may do. */
export default function UsersPage() {
  const users = useLoad("users", listUsers);
  const [open, setOpen] = useState<User | "new" | null>(null);
  const [leaving, setLeaving] = useState<User | null>(null);
  const myself = useDoing(refreshSession);
  const changed = (): void => {
    void users.reload();
    void myself.run();
  };
  const add = (
    <Button kind="main" icon="add" onClick={() => setOpen("new")}>
      New user
    </Button>
  );
  return (
    <Page title="Users" lead="Everybody has a name of their own: the audit log tells who did what." actions={add}>
      <Card>
        <Shown of={users}>{(all) => <UserTable users={all} onEdit={setOpen} onRemove={setLeaving} />}</Shown>
      </Card>
      {open && <UserDialog user={open === "new" ? null : open} onClose={() => setOpen(null)} onDone={changed} />}
      {leaving && <Removal user={leaving} onClose={() => setLeaving(null)} onDone={changed} />}
    </Page>
  );
}

interface TableProps {
  readonly users: readonly User[];
  readonly onEdit: (user: User) => void;
  readonly onRemove: (user: User) => void;
}

function UserTable({ users, onEdit, onRemove }: TableProps) {
  const zone = chosenZone();
  return (
    <Table
      caption="Users"
      rows={users}
      rowKey={({ name }) => name}
      columns={[
        { title: "Name", cell: ({ name, has_password }) => (has_password ? name : `${name} (single sign-on)`) },
        { title: "Role", cell: ({ role }) => role },
        { title: "Cameras", cell: ({ cameras }) => camerasInWords(cameras), isExtra: true },
        { title: "Pictures", cell: ({ real_pixels }) => <Pixels isReal={real_pixels} />, isExtra: true },
        {
          title: "Last seen",
          cell: ({ last_seen_at }) => (last_seen_at ? stamp(last_seen_at, zone) : "never"),
          isExtra: true,
        },
        {
          title: "Change",
          cell: (user) => (
            <span class="actions">
              <IconButton icon="edit" label={`Change ${user.name}`} onClick={() => onEdit(user)} />
              {user.name !== session.value?.name && (
                <IconButton icon="remove" label={`Remove ${user.name}`} onClick={() => onRemove(user)} />
              )}
            </span>
          ),
        },
      ]}
    />
  );
}

export function Pixels({ isReal }: { isReal: boolean }) {
  return isReal ? <Badge tone="warn">real</Badge> : <Badge>privacy view</Badge>;
}

function Removal({ user, onClose, onDone }: { user: User; onClose: () => void; onDone: () => void }) {
  const removing = useDoing(() => removeUser(user.name));
  const done = (): void => {
    onDone();
    onClose();
  };
  return (
    <Confirm title={`Remove ${user.name}?`} verb="Remove" doing={removing} onClose={onClose} onDone={done}>
      <p>Sessions and tokens of this user end at once. What they did stays in the audit log.</p>
    </Confirm>
  );
}
