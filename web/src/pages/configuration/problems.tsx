import type { Problem } from "../../api/client";
import { Badge, Button } from "../../ui";

interface Props {
  readonly problems: readonly Problem[];
  /** The text has changed since they were found. */
  readonly isJudging: boolean;
  readonly lineOf: (problem: Problem) => number | null;
  readonly onShow: (problem: Problem) => void;
}

/** What is wrong, where, and how to mend it. */
export function Problems({ problems, isJudging, lineOf, onShow }: Props) {
  const words = problems.length === 0 ? "Nothing is wrong." : `${problems.length} to look at.`;
  return (
    <div class="stack">
      <p role="status" class="quiet small">
        {isJudging ? "Checking" : words}
      </p>
      {problems.length > 0 && (
        <ul class="problem-list">
          {problems.map((problem) => (
            <li key={problem.path + problem.what}>
              <Badge tone={problem.is_warning ? "warn" : "bad"}>{problem.is_warning ? "warning" : "error"}</Badge>
              <div>
                <code>{problem.path}</code>
                <p>
                  {problem.what}
                  {problem.cure && `; ${problem.cure}`}
                </p>
              </div>
              {lineOf(problem) !== null && (
                <Button kind="bare" onClick={() => onShow(problem)}>
                  Line {lineOf(problem)}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
