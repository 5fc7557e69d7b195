// One live view on a canvas.

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { liveAddress, type View } from "../../api/cameras";
import { type Link, watch } from "./connection";
import { type Head, unpack } from "./frame";
import { type Brush, brushOf, paint } from "./paint";

/** Paints one frame. */
export type Draw = (brush: Brush, image: CanvasImageSource, head: Head) => void;

export interface Live {
  canvas: RefObject<HTMLCanvasElement | null>;
  link: Link;
  /** Of the latest picture. */
  head: Head | null;
}

/** Show a camera on the canvas by `draw`, which must stay the same; pictures that come while one is being decoded are left out but for the latest. */
export function useLive(camera: string, view: View, draw: Draw = paint): Live {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [link, setLink] = useState<Link>("connecting");
  const [head, setHead] = useState<Head | null>(null);
  useEffect(() => {
    setHead(null);
    const painter = painterOf(canvas, draw, setHead);
    const stop = watch(liveAddress(camera, view), { onMessage: painter.take, onLink: setLink });
    return () => {
      stop();
      painter.stop();
    };
  }, [camera, view, draw]);
  return { canvas, link, head };
}

function painterOf(canvas: RefObject<HTMLCanvasElement | null>, draw: Draw, onHead: (head: Head) => void) {
  let waiting: ArrayBuffer | null = null;
  let isBusy = false;
  let isOver = false;
  const work = async (): Promise<void> => {
    isBusy = true;
    while (waiting && !isOver) {
      const { head, jpeg } = unpack(waiting);
      waiting = null;
      const image = await createImageBitmap(jpeg);
      if (canvas.current && !isOver) show(canvas.current, draw, image, head);
      image.close();
      if (!isOver) onHead(head);
    }
    isBusy = false;
  };
  return {
    take: (data: ArrayBuffer): void => {
      waiting = data;
      if (!isBusy) void work();
    },
    stop: (): void => {
      isOver = true;
    },
  };
}

function show(canvas: HTMLCanvasElement, draw: Draw, image: ImageBitmap, head: Head): void {
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const context = canvas.getContext("2d");
  if (context) draw(brushOf(context, { width, height }, scale), image, head);
}
