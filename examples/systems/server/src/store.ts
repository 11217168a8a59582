/** What is kept: in MongoDB if there is one, else in PostgreSQL. */

import { settings } from "./settings.js";

export interface Note {
  id: string;
  text: string;
  by: string;
}

export interface Store {
  /** Whether it is a new account. */
  addAccount(email: string, hash: string): Promise<boolean>;
  hashOf(email: string): Promise<string | undefined>;
  add(note: Omit<Note, "id">): Promise<Note>;
  latest(): Promise<Note[]>;
  one(id: string): Promise<Note | undefined>;
  ping(): Promise<unknown>;
  close(): Promise<unknown>;
}

export const open = async (): Promise<Store> =>
  settings.mongoUrl ? (await import("./mongo.js")).mongo() : (await import("./postgres.js")).postgres();
