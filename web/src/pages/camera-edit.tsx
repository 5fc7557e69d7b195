// The settings of one camera; switching it off, and taking it away.

import { useState } from "preact/hooks";
import { type Camera, changeCamera, getCamera, type Probe, probe, removeCamera } from "../api/cameras";
import { hasCustomVision } from "../api/session";
import { useDoing, useLoad } from "../api/use";
import { go } from "../router";
import type { PageProps } from "../routes";
import { Button, Card, Confirm, ErrorNote, Page, Spinner, toast } from "../ui";
import { AddressFields, AnalysisFields } from "./cameras/fields";
import { type CameraForm, settingsOf } from "./cameras/form";
import { ProbeResult } from "./cameras/probe-result";
import { SnapshotsCard } from "./cameras/snapshots";
import { plainUrl } from "./cameras/words";

export default function CameraEdit({ params: { camera = "" } }: PageProps) {
  const loaded = useLoad(camera, (signal) => getCamera(camera, signal));
  const [isLeaving, setLeaving] = useState(false);
  return (
    <Page title={camera} back={["#/cameras", "Cameras"]}>
      <ErrorNote error={loaded.error} />
      {loaded.isLoading && <Spinner />}
      {loaded.data && (
        <>
          <Settings camera={loaded.data} />
          {hasCustomVision() && (
            <SnapshotsCard camera={camera} isLeaving={isLeaving} onChange={() => void loaded.reload()} />
          )}
          <Switch camera={loaded.data} onDone={() => void loaded.reload()} />
          <Removal camera={camera} isAsking={isLeaving} onAsking={setLeaving} />
        </>
      )}
    </Page>
  );
}

function Settings({ camera }: { camera: Camera }) {
  const [form, setForm] = useState<CameraForm>(() => formOf(camera));
  const [found, setFound] = useState<Probe | null>(null);
  const { url, login, transport, ...rest } = settingsOf(form);
  const changed = {
    ...rest,
    transport: form.transport,
    ...(url !== plainUrl(camera.url) && { url }),
    ...(login && { login }),
  };
  const saving = useDoing(() => changeCamera(camera.name, changed));
  const trying = useDoing(async () => setFound(await probe(url, login ?? null, form.transport)));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await saving.run()) toast(`${camera.name} is changed`);
  };
  return (
    <Card title="Settings">
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <AddressFields form={form} onForm={setForm} hasLogin />
        <AnalysisFields form={form} onForm={setForm} />
        <ErrorNote error={saving.error ?? trying.error} />
        {found && <ProbeResult probe={found} />}
        <div class="row">
          <Button type="submit" kind="main" isBusy={saving.isBusy}>
            Save
          </Button>
          <Button isBusy={trying.isBusy} onClick={() => void trying.run()}>
            {trying.isBusy ? "Trying …" : "Try it"}
          </Button>
          <span class="quiet small">
            Saving starts this camera anew; the others go on. A kept login is not used for trying: type it again.
          </span>
        </div>
      </form>
    </Card>
  );
}

function formOf(camera: Camera): CameraForm {
  const { transport } = camera;
  return {
    url: plainUrl(camera.url),
    user: "",
    password: "",
    transport,
    fps: String(camera.fps),
    width: String(camera.width),
  };
}

function Switch({ camera, onDone }: { camera: Camera; onDone: () => void }) {
  const doing = useDoing(() => changeCamera(camera.name, { is_enabled: !camera.is_enabled }));
  const change = async (): Promise<void> => {
    if (await doing.run()) onDone();
  };
  return (
    <Card title={camera.is_enabled ? "Switch off" : "Switch on"}>
      <p class="quiet">
        {camera.is_enabled
          ? "The camera is not opened any more and counts nobody; its settings, regions and numbers stay."
          : "The camera is switched off. It counts again as soon as it is switched on."}
      </p>
      <ErrorNote error={doing.error} />
      <div>
        <Button isBusy={doing.isBusy} onClick={() => void change()}>
          {camera.is_enabled ? "Switch off" : "Switch on"}
        </Button>
      </div>
    </Card>
  );
}

interface RemovalProps {
  camera: string;
  isAsking: boolean;
  onAsking: (isAsking: boolean) => void;
}

function Removal({ camera, isAsking, onAsking }: RemovalProps) {
  const doing = useDoing(() => removeCamera(camera));
  const done = (): void => {
    toast(`${camera} is removed`);
    go("#/cameras");
  };
  return (
    <Card title="Remove">
      <p class="quiet">
        Takes the camera with its lines and zones out of the configuration. What it has counted stays.
      </p>
      <div>
        <Button kind="danger" onClick={() => onAsking(true)}>
          Remove camera
        </Button>
      </div>
      {isAsking && (
        <Confirm title={`Remove ${camera}?`} verb="Remove" doing={doing} onClose={() => onAsking(false)} onDone={done}>
          <p>
            Its lines, zones and masks go with it. An administrator can bring them back from the configuration's
            history.
          </p>
        </Confirm>
      )}
    </Card>
  );
}
