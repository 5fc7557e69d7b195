import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Recordings">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
