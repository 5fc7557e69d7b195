import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Live">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
