import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Tokens">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
