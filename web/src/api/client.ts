// The one door to the service: addresses, CSRF, and errors as the service words them.

import type { components } from "./schema";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

/** What the service refused, or that it could not be reached (`code` is "unreachable"). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly problems: readonly Problem[] = [],
    readonly retryAfterS: number | null = null,
    readonly body: unknown = null,
  ) {
    super(message);
  }
}

export interface Answer<T> {
  body: T;
  /** Version of what was read, as `If-Match` wants it; empty where there is none. */
  version: string;
}

interface Options {
  body?: unknown;
  ifMatch?: string | undefined;
  signal?: AbortSignal | undefined;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

let csrf = "";
let onUnauthorized = (): void => undefined;

/** Keep the token that unsafe methods must show. */
export function useCsrf(token: string): void {
  csrf = token;
}

/** Call `then` whenever the service says that nobody is logged in. */
export function whenUnauthorized(then: () => void): void {
  onUnauthorized = then;
}

/** An address under /api/v1 whose names are percent-encoded: path`cameras/${name}/regions`. */
export function path(parts: TemplateStringsArray, ...names: readonly (string | number)[]): string {
  return parts.reduce((sum, part, i) => sum + encodeURIComponent(names[i - 1] ?? "") + part);
}

/** `?a=1&b=2` of what is neither undefined nor empty. */
export function query(values: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values))
    if (value !== undefined && value !== "") search.set(key, String(value));
  return search.size ? `?${search}` : "";
}

/** Where an address under /api/v1 lies for <img>, downloads and WebSockets. */
export function address(where: string, scheme: "http" | "ws" = "http"): string {
  const url = new URL(`api/v1/${where}`, document.baseURI);
  url.hash = "";
  if (scheme === "ws") url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}

/** Ask the service; throws ApiError. */
export async function ask<T>(method: Method, where: string, options: Options = {}): Promise<Answer<T>> {
  const [reply, body] = await reach(method, where, options);
  if (reply.ok) return { body: body as T, version: (reply.headers.get("ETag") ?? "").replace(/^W\/|"/g, "") };
  const error = refusal(reply, body);
  if (reply.status === 401 && where !== "session") onUnauthorized();
  throw error;
}

export const get = async <T>(where: string, signal?: AbortSignal): Promise<T> =>
  (await ask<T>("GET", where, { signal })).body;
export const post = async <T>(where: string, body: unknown = {}): Promise<T> =>
  (await ask<T>("POST", where, { body })).body;
export const put = async <T>(where: string, body: unknown, ifMatch?: string): Promise<T> =>
  (await ask<T>("PUT", where, { body, ifMatch })).body;
export const patch = async <T>(where: string, body: unknown): Promise<T> =>
  (await ask<T>("PATCH", where, { body })).body;
export const remove = async (where: string): Promise<void> => void (await ask<null>("DELETE", where));

async function reach(method: Method, where: string, { body, ifMatch, signal }: Options): Promise<[Response, unknown]> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET" && csrf) headers["X-Footfall-CSRF"] = csrf;
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  if (ifMatch) headers["If-Match"] = `"${ifMatch}"`;
  const request: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (body !== undefined) request.body = isForm ? body : JSON.stringify(body);
  if (signal) request.signal = signal;
  try {
    const reply = await fetch(address(where), request);
    return [reply, await parsed(reply)];
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(
      0,
      "unreachable",
      "The service does not answer. Is it running, and is this machine on its network?",
    );
  }
}

async function parsed(reply: Response): Promise<unknown> {
  if (reply.status === 204) return null;
  const isJson = (reply.headers.get("Content-Type") ?? "").includes("json");
  return isJson ? ((await reply.json()) as unknown) : await reply.text();
}

function refusal(reply: Response, body: unknown): ApiError {
  const error = detail(body);
  const wait = Number.parseFloat(reply.headers.get("Retry-After") ?? "");
  return new ApiError(
    reply.status,
    error.code ?? `http-${reply.status}`,
    error.message ?? `The service answered ${reply.status} ${reply.statusText}`.trim(),
    error.problems ?? [],
    Number.isNaN(wait) ? null : wait,
    body,
  );
}

/** What is told in `error`, or, by Custom Vision, at the top. */
function detail(body: unknown): Partial<Schemas["ErrorDetail"]> {
  if (typeof body !== "object" || body === null) return {};
  return (body as Partial<Schemas["ErrorAnswer"]>).error ?? (body as Partial<Schemas["ErrorDetail"]>);
}
