import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Accuracy">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
