/** Nothing to prepare, and no URL: each test process has a cache of its own. */
export const prepareCache = () => Promise.resolve("");
