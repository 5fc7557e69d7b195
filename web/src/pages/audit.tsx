import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Audit">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
