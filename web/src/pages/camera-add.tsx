// A new camera: found in the network or told by its address, tried, named, added.

import { useState } from "preact/hooks";
import { addCamera, type Probe, probe } from "../api/cameras";
import { useDoing } from "../api/use";
import { go, link } from "../router";
import { Button, Card, ErrorNote, Field, Page } from "../ui";
import { Discovery } from "./cameras/discovery";
import { AddressFields, AnalysisFields } from "./cameras/fields";
import { type CameraForm, EMPTY, nameFor, settingsOf, withoutLogin } from "./cameras/form";
import { ProbeResult } from "./cameras/probe-result";

export default function CameraAdd() {
  const [form, setForm] = useState<CameraForm>(EMPTY);
  const [name, setName] = useState("");
  const [found, setFound] = useState<Probe | null>(null);
  const trying = useDoing(async () => {
    const clean = withoutLogin(form);
    setForm(clean);
    const { login } = settingsOf(clean);
    const answer = await probe(clean.url, login ?? null, clean.transport);
    setFound(answer);
    if (answer.ok) setName((old) => old || nameFor(clean.url));
  });
  const change = (next: CameraForm): void => {
    if (next.url !== form.url || next.user !== form.user || next.password !== form.password) setFound(null);
    setForm(next);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void trying.run();
  };
  return (
    <Page title="Add camera" back={["#/cameras", "Cameras"]} lead="Find it, try it, name it. Nothing is recorded.">
      <Card title="1. Where is it?">
        <Discovery onChoose={(url) => change({ ...form, url })} />
        <form class="stack" onSubmit={submit}>
          <AddressFields form={form} onForm={change} />
          <div>
            <Button type="submit" kind={found?.ok ? "plain" : "main"} isBusy={trying.isBusy}>
              {trying.isBusy ? "Trying …" : "Try it"}
            </Button>
          </div>
        </form>
        <ErrorNote error={trying.error} />
        {found && <ProbeResult probe={found} />}
      </Card>
      <NameAndAdd form={form} onForm={setForm} name={name} onName={setName} isTried={found?.ok ?? false} />
    </Page>
  );
}

interface NameProps {
  form: CameraForm;
  onForm: (form: CameraForm) => void;
  name: string;
  onName: (name: string) => void;
  isTried: boolean;
}

function NameAndAdd({ form, onForm, name, onName, isTried }: NameProps) {
  const adding = useDoing(() => addCamera({ name: name.trim(), ...settingsOf(form) }));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await adding.run()) go(link("cameras", name.trim(), "regions"));
  };
  return (
    <Card title="2. What is it called?">
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <Field
          label="Name"
          value={name}
          onValue={onName}
          placeholder="front door"
          hint="It comes back in every event."
          required
        />
        <AnalysisFields form={form} onForm={onForm} />
        <ErrorNote error={adding.error} />
        <div class="row">
          <Button type="submit" kind={isTried ? "main" : "plain"} isBusy={adding.isBusy} disabled={!form.url}>
            Add camera
          </Button>
          {!isTried && <span class="quiet small">You can add it untried, too; it is tried again and again then.</span>}
        </div>
      </form>
    </Card>
  );
}
