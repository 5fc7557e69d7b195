import { Empty, Page } from "../ui";

export default function Shown() {
  return (
    <Page title="Cameras">
      <Empty title="Nothing here yet." />
    </Page>
  );
}
