type Task = () => Promise<unknown>;

/** What `/ready` asks, by name. Each one rejects when the dependency does not answer. */
export const readinessChecks: Record<string, Task> = {};

const shutdownTasks: Task[] = [];

/** The last one registered runs first, so a buffer is written before its database is closed. */
export function onShutdown(task: Task): void {
  shutdownTasks.unshift(task);
}

export async function shutDown(): Promise<void> {
  for (const task of shutdownTasks.splice(0)) await task();
}
