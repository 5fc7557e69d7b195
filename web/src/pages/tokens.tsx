import { useState } from "preact/hooks";
import { listTokens, removeToken, type Token } from "../api/people";
import { useDoing, useLoad } from "../api/use";
import { stamp } from "../charts/days";
import { Button, Card, Confirm, Empty, IconButton, Page, Table } from "../ui";
import { chosenZone } from "./choice";
import { camerasInWords } from "./people/rights";
import { TokenDialog } from "./people/token-dialog";
import { Shown } from "./shown";

/** Keys for programs. */
export default function TokensPage() {
  const tokens = useLoad("tokens", listTokens);
  const [isMaking, setMaking] = useState(false);
  const [ending, setEnding] = useState<Token | null>(null);
  const changed = (): void => void tokens.reload();
  const make = (
    <Button kind="main" icon="add" onClick={() => setMaking(true)}>
      New token
    </Button>
  );
  return (
    <Page
      title="API tokens"
      lead="Programs show one of these in place of a name and password. A token never may more than who made it."
      actions={make}
    >
      <Card>
        <Shown of={tokens}>
          {(all) =>
            all.length > 0 ? <TokenTable tokens={all} onRemove={setEnding} /> : <Empty title="No token yet." />
          }
        </Shown>
      </Card>
      {isMaking && <TokenDialog onClose={() => setMaking(false)} onDone={changed} />}
      {ending && <Removal token={ending} onClose={() => setEnding(null)} onDone={changed} />}
    </Page>
  );
}

function TokenTable({ tokens, onRemove }: { tokens: readonly Token[]; onRemove: (token: Token) => void }) {
  const zone = chosenZone();
  const day = (at: string | null, none: string): string => (at ? stamp(at, zone) : none);
  return (
    <Table
      caption="API tokens"
      rows={tokens}
      rowKey={({ id }) => id}
      columns={[
        { title: "Name", cell: ({ name }) => name },
        { title: "Role", cell: ({ role }) => role },
        { title: "Cameras", cell: ({ cameras }) => camerasInWords(cameras), isExtra: true },
        { title: "Made by", cell: ({ owner }) => owner, isExtra: true },
        { title: "Last used", cell: ({ last_used_at }) => day(last_used_at, "never"), isExtra: true },
        { title: "Ends", cell: ({ expires_at }) => day(expires_at, "never") },
        {
          title: "Remove",
          cell: (token) => <IconButton icon="remove" label={`Remove ${token.name}`} onClick={() => onRemove(token)} />,
        },
      ]}
    />
  );
}

function Removal({ token, onClose, onDone }: { token: Token; onClose: () => void; onDone: () => void }) {
  const removing = useDoing(() => removeToken(token.id));
  const done = (): void => {
    onDone();
    onClose();
  };
  return (
    <Confirm title={`Remove ${token.name}?`} verb="Remove" doing={removing} onClose={onClose} onDone={done}>
      <p>Programs that use it are refused from now on.</p>
    </Confirm>
  );
}
