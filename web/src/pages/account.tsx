import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Account">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
