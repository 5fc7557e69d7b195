import type { Prediction } from "../../api/vision-types";
import { percent } from "./words";
import "./scores.css";

/** How likely every tag is, the likeliest first. */
export function Scores({ predictions }: { predictions: readonly Prediction[] }) {
  const all = [...predictions].sort((a, b) => b.probability - a.probability);
  return (
    <table class="scores">
      <caption class="spoken">How likely every tag is</caption>
      <tbody>
        {all.map(({ tagId, tagName, probability }, at) => (
          <tr key={`${tagId} ${at}`}>
            <th scope="row">{tagName ?? "?"}</th>
            <td class="score-bar">
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect class="score-room" width="100" height="8" />
                <rect class="score-share" width={100 * probability} height="8" />
              </svg>
            </td>
            <td class="number">{percent(probability)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
