import type { Transport } from "../../api/cameras";
import { Field, Select } from "../../ui";
import type { CameraForm } from "./form";
import "./fields.css";

interface FieldsProps {
  form: CameraForm;
  onForm: (form: CameraForm) => void;
}

/** Where the camera is, and its login. */
export function AddressFields({ form, onForm, hasLogin = false }: FieldsProps & { hasLogin?: boolean }) {
  const keep = hasLogin ? "Leave both empty to keep the present ones." : "Kept sealed, never shown again.";
  return (
    <>
      <Field
        label="Address"
        value={form.url}
        onValue={(url) => onForm({ ...form, url })}
        placeholder="rtsp://192.168.1.20/stream1"
        hint="From the camera's manual or settings; its smaller stream is usually enough."
        required
      />
      <div class="pair">
        <Field label="User" value={form.user} onValue={(user) => onForm({ ...form, user })} autocomplete="off" />
        <Field
          label="Password"
          type="password"
          value={form.password}
          onValue={(password) => onForm({ ...form, password })}
          autocomplete="new-password"
          hint={keep}
        />
      </div>
    </>
  );
}

/** How it is read and analysed. */
export function AnalysisFields({ form, onForm }: FieldsProps) {
  return (
    <div class="trio">
      <Select
        label="Transport"
        value={form.transport}
        onValue={(transport) => onForm({ ...form, transport: transport as Transport })}
        options={[
          ["tcp", "TCP"],
          ["udp", "UDP"],
          ["http", "HTTP tunnel"],
        ]}
      />
      <Field
        label="Frames a second"
        type="number"
        min="0.1"
        max="240"
        step="any"
        value={form.fps}
        onValue={(fps) => onForm({ ...form, fps })}
        hint="At most; 5 to 15 are right for people."
        required
      />
      <Field
        label="Width in pixels"
        type="number"
        min="64"
        max="7680"
        value={form.width}
        onValue={(width) => onForm({ ...form, width })}
        hint="Of the analysed picture."
        required
      />
    </div>
  );
}
