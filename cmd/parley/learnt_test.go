package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

// What was learnt is known at the next start; a file that can't be read is nothing
// learnt.
func TestLearnt(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_DATA_HOME", home)
	if err := os.Mkdir(filepath.Join(home, "parley"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := loadLearnt(); !reflect.DeepEqual(got, learnt{}) {
		t.Errorf("before anything was learnt: %+v", got)
	}
	want := learnt{Mean: []float64{1.5, -2}, Pauses: []time.Duration{time.Second}}
	saveLearnt(want, slog.New(slog.DiscardHandler))
	if got := loadLearnt(); !reflect.DeepEqual(got, want) {
		t.Errorf("kept %+v, want %+v", got, want)
	}
	if err := os.WriteFile(filepath.Join(home, "parley", "learnt.json"), []byte("{broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := loadLearnt(); !reflect.DeepEqual(got, learnt{}) {
		t.Errorf("of a broken file: %+v", got)
	}
}
