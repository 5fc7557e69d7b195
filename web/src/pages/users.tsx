import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Users">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
