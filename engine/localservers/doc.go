// Package localservers finds model servers on this computer: whatever speaks
// OpenAI's API on a port that a known server has by default.
//
// In: nothing but ports. Out: each server's name, its base URL and its models, to be
// offered to the user. Only the loopback is asked, by GET requests that carry no key
// and tell nothing; no proxy is used and no redirect followed.
//
// It imports nothing of ours; cmd/parley uses it.
package localservers
