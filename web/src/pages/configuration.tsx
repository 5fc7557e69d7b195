import { getConfig } from "../api/config";
import { useLoad } from "../api/use";
import { Card, Page, Tabs } from "../ui";
import { choose, chosen } from "./choice";
import { Editor } from "./configuration/editor";
import { History } from "./configuration/history";
import { Shown } from "./shown";

const TABS = [
  ["edit", "Text"],
  ["history", "History"],
] as const;

/** The whole configuration as text, and every version of it. */
export default function ConfigurationPage() {
  const config = useLoad("config", getConfig);
  const view = chosen("view", "edit");
  return (
    <Page
      title="Configuration"
      lead="Everything that is set on the other pages stands here, too. A change runs at once: cameras that it does not touch lose no frame."
    >
      <Card>
        <Tabs label="Configuration" tabs={TABS} chosen={view} onChoose={(key) => choose({ view: key })}>
          <Shown of={config}>
            {(present) =>
              view === "history" ? (
                <History present={present} onRestore={() => void config.reload()} />
              ) : (
                <Editor key={present.version} present={present} onSave={() => void config.reload()} />
              )
            }
          </Shown>
        </Tabs>
      </Card>
    </Page>
  );
}
