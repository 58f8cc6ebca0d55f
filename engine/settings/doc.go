// Package settings is what the user can set, with its defaults, and where the
// program's files are.
//
// In: settings.toml and the environment (this is the only room that reads it).
// Out: [Settings] that are always usable: whatever is wrong in the file costs
// that one setting its value and gives a sentence that says so. What the file
// holds beyond that, such as the settings of a later version, is kept.
//
// It imports nothing of ours; anyone may import it.
package settings
