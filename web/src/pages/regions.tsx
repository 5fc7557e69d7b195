import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Regions">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
