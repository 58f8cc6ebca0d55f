// Package npmtest installs npm packages for tests: third parties' programs that what we
// say is judged by. Which ones and which versions stands in a folder of .ci, with a
// package.json and its lock.
//
// In: the folder's name. Out: where the packages are, and a Node that runs them. They
// are kept in the user's cache, so that only the first test needs the npm registry.
//
// It imports nothing of ours; tests and engine/aimocktest import it.
package npmtest
