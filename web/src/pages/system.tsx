import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="System">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
