package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// The skills' phrasings all make sentences, and a second run does nothing.
func TestModelIsMadeOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lm")
	for i, want := range []string{"made the language model", ""} {
		var out, errs bytes.Buffer
		if status := run([]string{dir}, &out, &errs); status != 0 || errs.Len() > 0 || !strings.Contains(out.String(), want) || (want == "") != (out.Len() == 0) {
			t.Errorf("run %d: status %d, %q, %q", i, status, out.String(), errs.String())
		}
	}
	var out, errs bytes.Buffer
	if status := run(nil, &out, &errs); status != 2 || !strings.HasPrefix(errs.String(), "usage") {
		t.Errorf("without arguments: status %d, %q", status, errs.String())
	}
	errs.Reset()
	if status := run([]string{"/proc/none"}, &out, &errs); status != 1 || strings.Count(errs.String(), "\n") != 1 {
		t.Errorf("where it cannot be written: status %d, %q", status, errs.String())
	}
}
