/** What is erased with an account. */
export { deleteAllLinks as deleteUserData } from "./links/links.service.ts";
