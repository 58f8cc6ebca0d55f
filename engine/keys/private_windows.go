package keys

import "io/fs"

// ours has nothing to ask: a file's mode tells nothing of who may read it here, and
// a user's own folders are that user's alone.
func ours(fs.FileInfo, string) error { return nil }
