import type { Transaction } from "./db.ts";

type Task = () => Promise<unknown>;

/** What `/ready` asks, by name. Each one rejects when the dependency does not answer. */
export const readinessChecks: Record<string, Task> = {};

/**
 * What features do when an account is deleted. A hook runs in the transaction of the deletion, and the task that it
 * returns runs after the commit.
 */
export const accountHooks: ((userId: string, transaction: Transaction) => Promise<Task>)[] = [];

const shutdownTasks: Task[] = [];

/** The last one registered runs first, so a buffer is written before its database is closed. */
export function onShutdown(task: Task): void {
  shutdownTasks.unshift(task);
}

export async function shutDown(): Promise<void> {
  for (const task of shutdownTasks.splice(0)) await task();
}
