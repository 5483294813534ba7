import mongoose from "mongoose";
import { z } from "zod";

export const databaseUrl = z.string("is required").superRefine((text, context) => {
  try {
    new mongoose.mongo.MongoClient(text); // knows every parameter, and connects to nothing yet
    if (/^mongodb(\+srv)?:\/\/[^/?#]+\/[^/?#]+/.test(text)) return;
    context.addIssue("must be mongodb://user:password@host:port/database");
  } catch (error) {
    context.addIssue(`must be a MongoDB URL: ${error instanceof Error ? error.message : error}`);
  }
});
