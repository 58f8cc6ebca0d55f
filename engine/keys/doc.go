// Package keys finds and keeps the keys of services: in the system's keyring,
// where there is one, else in an environment variable or a file that only the user
// can read.
//
// In: a service's name and, from whoever may read the environment, the variable's
// value. Out: a [Key], which does not print, and one plain sentence that says where
// it came from. The keyring is given a bounded time: a desktop whose D-Bus hangs
// starts all the same.
//
// It imports nothing of ours; cmd/parley uses it.
package keys
