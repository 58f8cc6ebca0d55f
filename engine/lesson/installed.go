package lesson

import (
	"errors"
	"log/slog"

	"parley/engine/dictd"
)

// Installed opens the dictionaries beside WordNet that there are on this machine
// (Debian's dict-gcide and dict-foldoc). One that is there and cannot be read is
// logged. closeAll closes them, when no lesson is written any more.
func Installed(log *slog.Logger) (sources []Source, closeAll func() error) {
	var open []func() error
	for _, book := range []struct {
		name   string
		source func(Entries) Source
	}{{"gcide", GCIDE}, {"foldoc", FOLDOC}} {
		entries, err := dictd.Open(dictd.DefaultDir, book.name)
		if err != nil {
			if !errors.Is(err, dictd.ErrMissing) {
				log.Warn("dictionary not read", "dictionary", book.name, "err", err)
			}
			continue
		}
		open = append(open, entries.Close)
		sources = append(sources, book.source(entries))
	}
	return sources, func() error {
		var errs []error
		for _, c := range open {
			errs = append(errs, c())
		}
		return errors.Join(errs...)
	}
}
