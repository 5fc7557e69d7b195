import { useState } from "preact/hooks";
import { type Device, discover } from "../../api/cameras";
import { useDoing } from "../../api/use";
import { Button, ErrorNote, Note } from "../../ui";
import "./discovery.css";

/** Cameras that answer in the local network (ONVIF); choosing one fills in its address. */
export function Discovery({ onChoose }: { onChoose: (url: string) => void }) {
  const [devices, setDevices] = useState<readonly Device[] | null>(null);
  const search = useDoing(async () => setDevices(await discover()));
  return (
    <div class="stack">
      <div class="row">
        <Button icon="live" isBusy={search.isBusy} onClick={() => void search.run()}>
          {search.isBusy ? "Searching …" : "Search the network"}
        </Button>
        <span class="quiet small">asks cameras with ONVIF to name themselves</span>
      </div>
      <ErrorNote error={search.error} />
      {devices?.length === 0 && (
        <Note title="Nobody answered.">
          <p>
            Cameras in another network do not hear the question, and many have ONVIF switched off. Give the address
            below.
          </p>
        </Note>
      )}
      {devices && devices.length > 0 && (
        <ul class="devices">
          {devices.map((device) => (
            <Found key={device.address} device={device} onChoose={onChoose} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Found({ device, onChoose }: { device: Device; onChoose: (url: string) => void }) {
  const urls = device.urls.length ? device.urls : [`rtsp://${device.address}/`];
  return (
    <li>
      <div>
        <strong>{device.name || device.address}</strong> <span class="quiet">{device.address}</span>
      </div>
      {urls.map((url) => (
        <Button key={url} onClick={() => onChoose(url)}>
          {url}
        </Button>
      ))}
    </li>
  );
}
