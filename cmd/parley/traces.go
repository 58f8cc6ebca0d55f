package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"parley/engine/settings"
)

// What Parley writes about its user, and where; README.md has the same as a table.
// "Clear everything" in the window clears the first three, `parley history clear` the
// first two.
//
//   - The history, with its companions and what was set aside of it as damaged:
//     [history.Store.Clear]. In memory goes the conversation being held, which the
//     window ends, and how its user pauses.
//   - traces, in the data folder.
//   - Where a lesson was last saved, by Fyne's preferences: the window.
//   - Settings (settings.toml, and what was set aside of it), the entry to start at
//     login, keys and prompts stay: they are what the user has set and written. Keys
//     are forgotten in the window, one by one.
//   - Of the user there is nothing in the recogniser's model in the cache folder
//     and in what makes the window the only one.

// traces are the files about the user in the data folder, beside the history.
var traces = []string{
	learntName, // the mean of the voice and the room, and how long the user pauses
	waysName,   // which way led to which other computer
}

// unfinished is behind the name of a file that takes another's place when it is
// whole.
const unfinished = ".new"

// clearTraces deletes them.
func clearTraces() error {
	dir, err := settings.DataDir()
	if err != nil {
		return err
	}
	var all error
	for _, name := range traces {
		for _, file := range []string{name, name + unfinished} {
			if err := os.Remove(filepath.Join(dir, file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				all = errors.Join(all, fmt.Errorf("parley: not everything is deleted: %w", err))
			}
		}
	}
	return all
}
