/** What is erased with an account. */
export { removeAll as deleteUserData } from "./favorites/favorites.repository.ts";
