// What the service answers, as its models say.

export type MeasureWord = "right" | "left" | "enter" | "exit" | "visit";

export interface Count {
  readonly camera: string;
  readonly region: string;
  readonly measure: MeasureWord;
  readonly count: number;
  readonly low: number;
  readonly high: number;
}

export interface NumberAt extends Count {
  readonly begin: string;
}

export interface Numbers {
  readonly begin: string;
  readonly end: string;
  readonly numbers: readonly NumberAt[];
}

export interface ZoneNow {
  readonly region: string;
  readonly people: number;
  readonly low: number;
  readonly high: number;
}

export interface CameraNow {
  readonly camera: string;
  readonly state: string;
  readonly people: number;
  readonly zones: readonly ZoneNow[];
}

export interface Door {
  readonly camera: string;
  readonly region: string;
  readonly inward: readonly MeasureWord[];
}

export interface AnchorState {
  readonly at: string;
  readonly people: number | null;
  readonly zone: string | null;
}

export interface PlaceState {
  readonly name: string;
  readonly people: number;
  readonly low: number;
  readonly high: number;
  readonly since: string | null;
  readonly entered: number;
  readonly left: number;
  readonly drift: number;
  readonly doors: readonly Door[];
  readonly anchors: readonly AnchorState[];
}

export interface Places {
  readonly places: readonly PlaceState[];
}

export interface Now {
  readonly at: string;
  readonly cameras: readonly CameraNow[];
  readonly places: readonly PlaceState[];
}

export interface DwellBar {
  readonly from_s: number;
  readonly to_s: number | null;
  readonly count: number;
}

export interface Dwell {
  readonly visits: number;
  readonly visits_low: number;
  readonly visits_high: number;
  readonly histogram: readonly DwellBar[];
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly median: number | null;
}

export interface Queue {
  readonly at: string;
  readonly length: number;
  readonly low: number;
  readonly high: number;
  readonly wait_s: number | null;
  readonly wait_low_s: number | null;
  readonly wait_high_s: number | null;
  readonly expected_wait_s: number | null;
}

export interface DayNumbers {
  readonly day: string;
  readonly begin: string;
  readonly end: string;
  readonly counts: readonly Count[];
  readonly hours: readonly NumberAt[];
}

export interface Comparison {
  readonly days: readonly DayNumbers[];
}

export interface Heatmap {
  readonly on: "picture" | "floor";
  readonly columns: number;
  readonly rows: number;
  readonly cells: readonly (readonly number[])[];
  readonly cell_m: number | null;
  readonly origin_m: readonly number[] | null;
}

export interface EventAnswer {
  readonly id: string;
  readonly camera: string;
  readonly at: string;
  readonly type: string;
  readonly region: string;
  readonly track_id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface EventsPage {
  readonly events: readonly EventAnswer[];
  readonly before: string | null;
}

export interface SnippetPerson {
  readonly id: string;
  /** x0 y0 x1 y1, shares of the picture. */
  readonly box: readonly number[];
  readonly footprint: readonly number[];
  readonly is_subject: boolean;
}

export interface SnippetFrame {
  readonly at: string;
  readonly people: readonly SnippetPerson[];
}

/** Recorded people, and the line or zone that it is about. */
export interface Scene {
  readonly region: string;
  readonly kind: string;
  readonly points: readonly (readonly number[])[];
  /** Height over width of the picture. */
  readonly aspect: number;
  readonly frames: readonly SnippetFrame[];
}

export interface Snippet extends Scene {
  readonly camera: string;
  readonly at: string;
}

export interface ConfigSummary {
  readonly version: number;
  readonly at: string;
  readonly author: string;
  readonly comment: string;
}

export interface Config extends ConfigSummary {
  readonly kind: "footfall" | "other";
  readonly text: string;
}

export interface ConfigVersions {
  readonly versions: readonly ConfigSummary[];
  readonly before: number | null;
}

export interface Conflict {
  readonly current: Config;
  readonly base: Config | null;
}

export type RoleWord = "viewer" | "operator" | "admin";
export type CameraChoice = "*" | readonly string[];

export interface User {
  readonly name: string;
  readonly role: RoleWord;
  readonly cameras: CameraChoice;
  readonly real_pixels: boolean;
  readonly created_at: string;
  readonly last_seen_at: string | null;
  readonly has_password: boolean;
}

export interface Users {
  readonly users: readonly User[];
}

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly role: RoleWord;
  readonly cameras: CameraChoice;
  readonly real_pixels: boolean;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
}

export interface Tokens {
  readonly tokens: readonly Token[];
}

export interface MadeToken {
  readonly token: Token;
  readonly secret: string;
}

export interface AuditEntry {
  readonly number: number;
  readonly at: string;
  readonly who: string;
  readonly what: string;
  readonly about: string;
  readonly address: string;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly before: number | null;
}

export interface AuditVerdict {
  readonly is_whole: boolean;
  readonly entries: number;
  readonly broken_at: number | null;
}

export interface Recording {
  readonly id: string;
  readonly camera: string;
  readonly begin: string;
  readonly end: string | null;
  readonly size_bytes: number;
  readonly type: string;
}

export interface Recordings {
  readonly is_on: boolean;
  readonly recordings: readonly Recording[];
}

export interface System {
  readonly version: string;
  readonly python: string;
  readonly platform: string;
  readonly started_at: string;
  readonly now: string;
  readonly store: "sqlite" | "postgresql";
  readonly disk: { readonly folder: string; readonly free_bytes: number; readonly total_bytes: number };
  readonly models: readonly {
    readonly name: string;
    readonly kind: string;
    readonly is_here: boolean;
    readonly licence: string;
  }[];
  readonly licences: readonly { readonly name: string; readonly version: string; readonly licence: string }[];
}

export interface Ready {
  readonly is_ready: boolean;
  readonly reasons: Readonly<Record<string, string>>;
  readonly waiting: number;
}

export interface Estimated {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface AuditFigures {
  readonly told: number;
  readonly true: Estimated;
  readonly recall: Estimated;
  readonly invented: Estimated;
  readonly total_error: Estimated;
  readonly kinds: readonly {
    readonly kind: string;
    readonly moments: number;
    readonly answered: number;
    readonly missed: number;
    readonly invented: number;
  }[];
}

export interface AccuracySummary {
  readonly id: string;
  readonly camera: string;
  readonly begin: string;
  readonly end: string;
  readonly at: string;
  readonly author: string;
  readonly moments: number;
  readonly answered: number;
  readonly figures: AuditFigures | null;
}

export interface AuditMoment {
  readonly number: number;
  readonly region: string;
  readonly begin: string;
  readonly end: string;
  readonly words: readonly string[];
  readonly counted: readonly number[] | null;
  readonly recording: string | null;
}

export interface AccuracyAudit extends AccuracySummary {
  readonly wanted: readonly AuditMoment[];
}

export interface AccuracyAudits {
  readonly audits: readonly AccuracySummary[];
}

/** Names of cameras and of what is drawn on them. */
export interface CameraAnswer {
  readonly name: string;
  readonly state: string;
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly is_calibrated: boolean;
  readonly regions: { readonly lines: readonly string[]; readonly zones: readonly string[] };
}

export interface CamerasAnswer {
  readonly cameras: readonly CameraAnswer[];
}

export interface RegionsAnswer {
  readonly regions: {
    readonly lines: readonly {
      readonly name: string;
      readonly points: readonly (readonly number[])[];
      readonly names: { readonly right: string; readonly left: string };
    }[];
    readonly zones: readonly { readonly name: string; readonly points: readonly (readonly number[])[] }[];
  };
}
