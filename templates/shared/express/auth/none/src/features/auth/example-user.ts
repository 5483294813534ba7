export const LOCAL_USER = "local";

/** The owner of the examples of a development database. */
export const exampleUser = () => Promise.resolve(LOCAL_USER);
