import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Events">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
