/** The store in MongoDB. */

import { randomUUID } from "node:crypto";
import { MongoClient } from "mongodb";
import { settings } from "./settings.js";
import type { Note, Store } from "./store.js";

interface Account {
  _id: string;
  hash: string;
}
type Kept = Omit<Note, "id"> & { _id: string };

const DUPLICATE = 11000;

export function mongo(): Store {
  // Connects by itself, and anew after a failover; the pool's size stands in the address.
  const client = new MongoClient(settings.mongoUrl, {
    ...(settings.mongoCaFile ? { tlsCAFile: settings.mongoCaFile } : {}),
    serverSelectionTimeoutMS: 3000,
  });
  const accounts = client.db().collection<Account>("accounts");
  const notes = client.db().collection<Kept>("notes");
  const shown = ({ _id, ...note }: Kept): Note => ({ id: _id, ...note });
  return {
    addAccount: (email, hash) =>
      accounts.insertOne({ _id: email, hash }).then(
        () => true,
        (error) => {
          if (error.code === DUPLICATE) return false;
          throw error;
        },
      ),
    hashOf: async (email) => (await accounts.findOne({ _id: email }))?.hash,
    add: async (note) => {
      const kept = { _id: randomUUID(), ...note };
      await notes.insertOne(kept);
      return shown(kept);
    },
    latest: async () => (await notes.find().limit(30).toArray()).map(shown),
    one: async (id) => {
      const found = await notes.findOne({ _id: id });
      return found ? shown(found) : undefined;
    },
    ping: () => client.db().command({ ping: 1 }),
    close: () => client.close(),
  };
}
