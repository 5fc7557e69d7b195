import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Numbers">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
