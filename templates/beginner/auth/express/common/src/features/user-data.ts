import { removeAll } from "./events/events.repository.ts";
import { deleteTokens } from "./recovery/mail-tokens.repository.ts";
import { stepDown } from "./users/users.service.ts";

/** What is erased with an account. The last admin is stopped before anything is. */
export async function deleteUserData(userId: string): Promise<void> {
  await stepDown(userId);
  await deleteTokens(userId);
  await removeAll(userId);
}
