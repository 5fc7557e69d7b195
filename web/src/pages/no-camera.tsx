import { mayAddCameras } from "../api/session";
import { Empty, LinkButton } from "../ui";

/** Where there is nothing to show before there is a camera. */
export function NoCamera() {
  if (!mayAddCameras()) {
    return (
      <Empty title="No camera yet">
        <p>None is open to you.</p>
      </Empty>
    );
  }
  return (
    <Empty title="No camera yet">
      <p>Add one by searching your network, or by its address.</p>
      <LinkButton to="#/cameras/add" kind="main" icon="add">
        Add camera
      </LinkButton>
    </Empty>
  );
}
