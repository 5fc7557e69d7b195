import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Accuracy audit">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
