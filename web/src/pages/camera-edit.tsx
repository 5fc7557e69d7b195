import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Camera edit">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
