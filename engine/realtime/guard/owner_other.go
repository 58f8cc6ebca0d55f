//go:build !unix

package guard

import "os"

// giveTo does nothing where files have no owner by number.
func giveTo(*os.File, string) error { return nil }
