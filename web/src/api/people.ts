// Users, API tokens, and what they did.

import { get, path, post, put, query, remove, type Schemas } from "./client";
import type { Role } from "./session";

export type User = Schemas["User"];
export type Token = Schemas["Token"];
export type MadeToken = Schemas["MadeToken"];
export type AuditEntry = Schemas["AuditEntry"];
export type AuditPage = Schemas["AuditPage"];
export type AuditVerdict = Schemas["AuditVerdict"];
export type CameraChoice = User["cameras"];

export interface Rights {
  readonly role: Role;
  readonly cameras: CameraChoice;
  readonly real_pixels: boolean;
}

export const listUsers = async (signal?: AbortSignal): Promise<readonly User[]> =>
  (await get<Schemas["Users"]>("users", signal)).users;
export const addUser = (name: string, password: string, rights: Rights): Promise<User> =>
  post("users", { name, password, ...rights });
export const changeUser = (name: string, change: Partial<Rights> & { password?: string }): Promise<User> =>
  put(path`users/${name}`, change);
export const removeUser = (name: string): Promise<void> => remove(path`users/${name}`);

export const listTokens = async (signal?: AbortSignal): Promise<readonly Token[]> =>
  (await get<Schemas["Tokens"]>("tokens", signal)).tokens;
/** days: null: until it is deleted. */
export const makeToken = (name: string, rights: Rights, days: number | null): Promise<MadeToken> =>
  post("tokens", { name, ...rights, days });
export const removeToken = (id: string): Promise<void> => remove(path`tokens/${id}`);

export const listAudit = (before?: number, signal?: AbortSignal): Promise<AuditPage> =>
  get(`audit${query({ before, limit: 100 })}`, signal);
export const verifyAudit = (): Promise<AuditVerdict> => get("audit/verify");
