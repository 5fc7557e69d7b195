import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Configuration">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
