import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Places">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
