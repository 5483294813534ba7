import { model, Schema } from "mongoose";

interface Event {
  id: string;
  userId: string;
  type: string;
  userAgent: string | null;
  at: Date;
}

const EventModel = model(
  "SecurityEvent",
  new Schema<Omit<Event, "id"> & { _id: string }>(
    {
      _id: String,
      userId: String,
      type: { type: String },
      userAgent: String,
      at: { type: Date, default: () => new Date() },
    },
    { versionKey: false, id: false },
  ),
);

export async function insert({ id, ...event }: Omit<Event, "at">): Promise<void> {
  await EventModel.create({ _id: id, ...event });
}

/** The newest first, only those after the cursor. */
export async function list(userId: string, limit: number, cursor?: string): Promise<Event[]> {
  const filter = { userId, ...(cursor && { _id: { $lt: cursor } }) };
  const events = await EventModel.find(filter).sort({ _id: -1 }).limit(limit).lean();
  return events.map(({ _id: id, ...event }) => ({ id, ...event }));
}

export const removeAll = (userId: string) => EventModel.deleteMany({ userId });
