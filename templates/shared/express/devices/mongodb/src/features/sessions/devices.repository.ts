import { model, Schema } from "mongoose";

/** A session as its owner sees it: the same document as `Session`, without what proves it. */
interface Device {
  id: string;
  userId: string;
  userAgent: string | null;
  createdAt: Date;
  lastSeenAt: Date | null;
  expiresAt: Date;
}

const DeviceModel = model(
  "Device",
  new Schema<Omit<Device, "id"> & { _id: string }>(
    {
      _id: String,
      userId: String,
      userAgent: String,
      createdAt: Date,
      lastSeenAt: Date,
      expiresAt: Date,
    },
    { versionKey: false, id: false },
  ),
  "sessions",
);

/** The newest first, without those that have expired. */
export async function list(userId: string, now: Date): Promise<Device[]> {
  const devices = DeviceModel.find({ userId, expiresAt: { $gt: now } }).sort({ _id: -1 });
  return (await devices.lean()).map(({ _id: id, userAgent = null, ...device }) => ({
    ...device,
    id,
    userAgent,
  }));
}

export async function see(id: string, lastSeenAt: Date, userAgent?: string | null): Promise<void> {
  const changes = { lastSeenAt, ...(userAgent !== undefined && { userAgent }) };
  await DeviceModel.updateOne({ _id: id }, changes);
}

/** How many were deleted. */
export async function remove(userId: string, id: string): Promise<number> {
  return (await DeviceModel.deleteOne({ userId, _id: id })).deletedCount;
}

export const removeAll = (userId: string) => DeviceModel.deleteMany({ userId });
