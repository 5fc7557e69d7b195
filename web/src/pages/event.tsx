import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Event">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
