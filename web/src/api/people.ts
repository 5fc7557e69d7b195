// Users, API tokens, and what they did.

import { get, path, post, put, query, remove } from "./client";
import type { Role } from "./session";

export type CameraChoice = "*" | readonly string[];

export interface User {
  readonly name: string;
  readonly role: Role;
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
  readonly role: Role;
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

export interface Rights {
  readonly role: Role;
  readonly cameras: CameraChoice;
  readonly real_pixels: boolean;
}

export const listUsers = async (signal?: AbortSignal): Promise<readonly User[]> =>
  (await get<Users>("users", signal)).users;
export const addUser = (name: string, password: string, rights: Rights): Promise<User> =>
  post("users", { name, password, ...rights });
export const changeUser = (name: string, change: Partial<Rights> & { password?: string }): Promise<User> =>
  put(path`users/${name}`, change);
export const removeUser = (name: string): Promise<void> => remove(path`users/${name}`);

export const listTokens = async (signal?: AbortSignal): Promise<readonly Token[]> =>
  (await get<Tokens>("tokens", signal)).tokens;
/** days: null: until it is deleted. */
export const makeToken = (name: string, rights: Rights, days: number | null): Promise<MadeToken> =>
  post("tokens", { name, ...rights, days });
export const removeToken = (id: string): Promise<void> => remove(path`tokens/${id}`);

export const listAudit = (before?: number, signal?: AbortSignal): Promise<AuditPage> =>
  get(`audit${query({ before, limit: 100 })}`, signal);
export const verifyAudit = (): Promise<AuditVerdict> => get("audit/verify");
