// Line icons on a 20 x 20 grid, drawn for this page.

const PATHS = {
  add: "M10 4v12M4 10h12",
  alert: "M10 3 2.5 16.5h15ZM10 8v4M10 14.2v.3",
  arrow: "M4 10h12m-5-5 5 5-5 5",
  back: "M16 10H4m5-5-5 5 5 5",
  camera: "M3 6h9a1.5 1.5 0 0 1 1.5 1.5v5A1.5 1.5 0 0 1 12 14H3ZM13.5 9 17 6.5v7L13.5 11",
  chart: "M3.5 16.5h13M5.5 14V9M10 14V4M14.5 14v-3",
  check: "m4 10.5 4 4 8-9",
  close: "m5 5 10 10M15 5 5 15",
  copy: "M7 7h9v9H7ZM4 13V4h9",
  door: "M5 17V3h8v14M3 17h14M10.5 10v.3",
  down: "m5 8 5 5 5-5",
  download: "M10 3v10m-4-4 4 4 4-4M4 17h12",
  edit: "M4 16l.8-3.4L13 4.4a1.4 1.4 0 0 1 2 0l.6.6a1.4 1.4 0 0 1 0 2L7.4 15.2Z",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5ZM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  floor: "M6 4h8l4 12H2ZM10 4v12M4.5 9h11",
  history: "M4 10a6 6 0 1 1 1.8 4.3M4 5v4h4M10 7v3.5l2.2 1.4",
  key: "M7.5 13a3.5 3.5 0 1 1 3.2-4.9L17 8v3h-2v2h-3v-1.9h-1.3A3.5 3.5 0 0 1 7.5 13Z",
  line: "M4 15 16 5M4 16.2a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4ZM16 6.2a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4Z",
  list: "M7 5h9M7 10h9M7 15h9M3.5 5h.2M3.5 10h.2M3.5 15h.2",
  live: "M10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM5.5 14.5a6.4 6.4 0 0 1 0-9M14.5 5.5a6.4 6.4 0 0 1 0 9",
  mask: "M3 5h14v10H3ZM3 12l7-7M6 15 16 5M12 15l5-5",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  people:
    "M7.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM2.5 16a5 5 0 0 1 10 0M13 4.8a2.5 2.5 0 0 1 0 4.5M14.5 12a5 5 0 0 1 3 4",
  redo: "M16 8H8a4 4 0 0 0 0 8h4m4-8-3.5-3.5M16 8l-3.5 3.5",
  remove: "M4 6h12M8 6V4h4v2M5.5 6l.8 10.5h7.4L14.5 6M8.5 9v5M11.5 9v5",
  settings: "M3 6h8m4 0h2M3 14h2m4 0h8M13 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  shield: "M10 3 4 5.2v4.3c0 3.7 2.6 6 6 7.5 3.4-1.5 6-3.8 6-7.5V5.2Z",
  swap: "M4 7h11m-3-3 3 3-3 3M16 13H5m3-3-3 3 3 3",
  tag: "M3.5 3.5h6l7 7-6 6-7-7ZM7 7v.3",
  undo: "M4 8h8a4 4 0 0 1 0 8H8M4 8l3.5-3.5M4 8l3.5 3.5",
  upload: "M10 13V3m-4 4 4-4 4 4M4 17h12",
  user: "M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4 17a6 6 0 0 1 12 0",
  video: "M3 5h14v10H3ZM8.5 8v4l3.5-2Z",
  wall: "M3 4h6v5H3ZM11 4h6v5h-6ZM3 11h6v5H3ZM11 11h6v5h-6Z",
  zone: "M5 4.5 15 4l2 8-7 4-7-5Z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
