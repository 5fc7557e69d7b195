import { useState } from "preact/hooks";
import { useLoad } from "../api/use";
import { listDomains, listProjects } from "../api/vision";
import type { Domain } from "../api/vision-types";
import { pictureAddress } from "../api/vision-urls";
import { stamp } from "../charts/days";
import { link } from "../router";
import { Badge, Button, Card, Empty, IconButton, Page } from "../ui";
import { chosenZone } from "./choice";
import { Shown } from "./shown";
import { ProjectDialog } from "./vision/project-dialog";
import { Promises } from "./vision/promises";
import { RemoveProject } from "./vision/remove-project";
import { KIND_WORDS, type Subject, subjectOf } from "./vision/words";
import "./vision/vision.css";

interface All {
  readonly subjects: readonly Subject[];
  readonly domains: readonly Domain[];
}

async function load(signal: AbortSignal): Promise<All> {
  const [projects, domains] = await Promise.all([listProjects(signal), listDomains(signal)]);
  return { domains, subjects: projects.map((project) => subjectOf(project, domains)) };
}

/** Models of one's own: every project. */
export default function VisionPage() {
  const all = useLoad("vision", load);
  const [isMaking, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<Subject | null>(null);
  const make = (
    <Button kind="main" icon="add" onClick={() => setMaking(true)}>
      New project
    </Button>
  );
  return (
    <Page
      title="Custom Vision"
      lead="Teach a model of your own with a few pictures. Everything stays on this machine."
      actions={make}
    >
      <Shown of={all}>
        {({ subjects, domains }) => (
          <>
            {subjects.length > 0 ? <Projects subjects={subjects} onRemove={setLeaving} /> : <NoProject />}
            {isMaking && <ProjectDialog domains={domains} subject={null} onClose={() => setMaking(false)} />}
          </>
        )}
      </Shown>
      <Promises />
      {leaving && (
        <RemoveProject project={leaving.project} onClose={() => setLeaving(null)} onDone={() => void all.reload()} />
      )}
    </Page>
  );
}

function NoProject() {
  return (
    <Card>
      <Empty title="No project yet.">
        <p>A project has pictures, the tags that you give them, and the models that were trained with them.</p>
      </Empty>
    </Card>
  );
}

function Projects({ subjects, onRemove }: { subjects: readonly Subject[]; onRemove: (one: Subject) => void }) {
  return (
    <ul class="vision-projects">
      {subjects.map((subject) => (
        <ProjectCard key={subject.project.id} subject={subject} onRemove={() => onRemove(subject)} />
      ))}
    </ul>
  );
}

function ProjectCard({ subject: { project, kind }, onRemove }: { subject: Subject; onRemove: () => void }) {
  const where = link("vision", project.id);
  return (
    <li class="card vision-project">
      <a class="vision-cover" href={where} tabIndex={-1} aria-label={`Open ${project.name}`}>
        {project.thumbnailUri && <img src={pictureAddress(project.thumbnailUri)} alt="" loading="lazy" />}
      </a>
      <div class="vision-project-words">
        <h2>
          <a class="vision-name" href={where}>
            {project.name}
          </a>
        </h2>
        {project.description && <p>{project.description}</p>}
        <p>
          <Badge>{KIND_WORDS[kind]}</Badge>
        </p>
        <p class="quiet small">Changed {stamp(project.lastModified, chosenZone())}</p>
      </div>
      <IconButton icon="remove" label={`Delete ${project.name}`} onClick={onRemove} />
    </li>
  );
}
