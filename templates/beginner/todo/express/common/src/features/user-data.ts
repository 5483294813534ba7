/** What is erased with an account. */
export { removeAll as deleteUserData } from "./todos/todos.repository.ts";
