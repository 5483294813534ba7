import { findUserByEmail } from "../accounts/accounts.repository.ts";
import { foldCase } from "../accounts/accounts.schema.ts";
import { signUp } from "../accounts/accounts.service.ts";

const EXAMPLE = { email: "ann@example.com", password: "correct horse battery", name: "Ann" };

/** The id of the account that owns the examples of a development database. */
export async function exampleUser(): Promise<string> {
  const user = (await findUserByEmail(foldCase(EXAMPLE.email))) ?? (await signUp(EXAMPLE));
  return user.id;
}
