import { model, Schema } from "mongoose";
import type { OwnedKey } from "../../schemas.ts";

/** A place, once for each user: that is a unique index. */
export interface Favorite {
  id: string;
  ownerId: string;
  name: string | null;
  country: string | null;
  lat: number;
  lon: number;
  createdAt: Date;
}

/** The id is MongoDB's own `_id`. */
type StoredFavorite = Omit<Favorite, "id"> & { _id: string };

const FavoriteModel = model(
  "Favorite",
  new Schema<StoredFavorite>(
    {
      _id: String,
      ownerId: String,
      name: String,
      country: String,
      lat: Number,
      lon: Number,
      createdAt: { type: Date, default: () => new Date() },
    },
    { versionKey: false, id: false },
  ),
);

const toFavorite = ({ _id: id, ...favorite }: StoredFavorite): Favorite => ({ ...favorite, id });
const filterBy = ({ id, ownerId }: OwnedKey) => ({ _id: id, ownerId });

export async function insert({ id, ...favorite }: Omit<Favorite, "createdAt">) {
  return toFavorite((await FavoriteModel.create({ _id: id, ...favorite })).toObject());
}

export async function find(key: OwnedKey): Promise<Favorite | null> {
  const favorite = await FavoriteModel.findOne(filterBy(key)).lean();
  return favorite && toFavorite(favorite);
}

/** The newest first, only those after the cursor. */
export async function list(ownerId: string, limit: number, cursor?: string): Promise<Favorite[]> {
  const filter = { ownerId, ...(cursor && { _id: { $lt: cursor } }) };
  return (await FavoriteModel.find(filter).sort({ _id: -1 }).limit(limit).lean()).map(toFavorite);
}

/** How many were deleted. */
export async function remove(key: OwnedKey): Promise<number> {
  return (await FavoriteModel.deleteOne(filterBy(key))).deletedCount;
}

export const removeAll = (ownerId: string) => FavoriteModel.deleteMany({ ownerId });
