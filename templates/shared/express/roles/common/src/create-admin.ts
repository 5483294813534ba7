import { findUserByEmail } from "./features/accounts/accounts.repository.ts";
import { foldCase, SignUp } from "./features/accounts/accounts.schema.ts";
import { signUp } from "./features/accounts/accounts.service.ts";
import { changeMember } from "./features/users/users.service.ts";
import { shutDown } from "./lifecycle.ts";

const { ADMIN_EMAIL, ADMIN_PASSWORD, ADMIN_NAME = "Admin" } = process.env;
const account = { email: ADMIN_EMAIL, password: ADMIN_PASSWORD, name: ADMIN_NAME };

/**
 * Makes the account of an address an admin's, and the account, too, if it is not there. No admin comes with the
 * application: a password that everybody can read is none.
 */
const known = ADMIN_EMAIL ? await findUserByEmail(foldCase(ADMIN_EMAIL)) : null;
const { data, error } = SignUp.safeParse(account);
const user = known ?? (data && (await signUp(data)));
if (user) {
  await changeMember(user.id, { role: "admin", active: true });
  process.stdout.write(`${user.email} is an admin.\n`);
} else {
  for (const { path, message } of error?.issues ?? []) {
    process.stderr.write(`ADMIN_${String(path[0]).toUpperCase()}: ${message}\n`);
  }
  process.exitCode = 1;
}
await shutDown();
