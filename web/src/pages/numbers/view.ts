import type { Camera } from "../../api/cameras";

/** What a tab of the numbers gets. */
export interface View {
  /** Those that are chosen. */
  readonly cameras: readonly Camera[];
  /** The name of the only one, or empty for all. */
  readonly camera: string;
  readonly zone: string;
}
