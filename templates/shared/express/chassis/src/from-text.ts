import { z } from "zod";

/** A whole number written in digits, within bounds. */
export function integer(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

/** Values separated by commas; none when unset. */
export function list(isValid: (value: string) => boolean, message: string) {
  return z
    .string()
    .default("")
    .transform((text) => text.split(",").map((value) => value.trim()))
    .transform((values) => values.filter((value) => value !== ""))
    .refine((values) => values.every(isValid), message);
}
